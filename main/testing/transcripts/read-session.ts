import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type {
  FoundSession,
  ParserState,
  TranscriptFile,
  TranscriptSource,
} from '../../core/ports/transcript-source.ts';
import { readEvents } from '../../core/transcripts/read-events.ts';

/**
 * Events of every file of an agent's session: its own first, then its subagents'. Sidecars have none.
 * @param from where to resume, by file name; files without a state are read from the start
 * @param reached receives the state of each file after its last byte
 */
export async function* readSession(
  source: Pick<TranscriptSource, 'parser' | 'read'>,
  session: FoundSession,
  from: ReadonlyMap<string, ParserState> = new Map(),
  reached: (file: TranscriptFile, state: ParserState) => void = () => undefined,
): AsyncGenerator<readonly TranscriptEvent[]> {
  for (const file of session.files) {
    if (file.role === 'sidecar') continue;
    const parser = await source.parser(session.id, file, from.get(file.name) ?? null);
    yield* readEvents(parser, source.read(file, parser.state().offset));
    reached(file, parser.state());
  }
}
