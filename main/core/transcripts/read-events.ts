import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type {
  FoundSession,
  ParserState,
  TranscriptFile,
  TranscriptParser,
  TranscriptSource,
} from '../ports/transcript-source.ts';

/** Runs a parser over bytes as they come: each chunk's events, final ones last. Throws what the bytes throw. */
export async function* readEvents(
  parser: TranscriptParser,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly TranscriptEvent[]> {
  for await (const piece of bytes) yield parser.push(piece);
  yield parser.end();
}

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
