import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { foldEvents } from '../../../shared/transcripts/fold-events.ts';
import type { TranscriptSource } from '../../core/ports/transcript-source.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { claudeWriter, type ClaudeVersion } from './write-claude-code.ts';

/** A main file, for parsers that are given text. */
export const MAIN = { name: 'a.jsonl', role: 'main', subagent: null } as const;

/** The events of files as they stand in the end. @param copied keys of the session that they were copied from */
export async function settled(
  source: Pick<TranscriptSource, 'parser'>,
  texts: readonly string[],
  copied: ReadonlySet<string> = new Set(),
): Promise<readonly TranscriptEvent[]> {
  const fold = foldEvents(copied);
  for (const text of texts) {
    const parser = await source.parser('s', MAIN);
    fold.add([...parser.push(Buffer.from(text)), ...parser.end()]);
  }
  return fold.events();
}

/** What was asked, in order. */
export function prompts(events: readonly TranscriptEvent[]): readonly string[] {
  return of(events, 'prompt').map(({ text }) => text.text);
}

/** The events of one kind. */
export function of<K extends TranscriptEvent['kind']>(events: readonly TranscriptEvent[], kind: K) {
  return events.filter((event): event is Extract<TranscriptEvent, { kind: K }> => event.kind === kind);
}

/** Writes a session of Claude Code. */
export function writer(version: ClaudeVersion = '2.1.235', seed = 1) {
  return claudeWriter(createSeededRandom(seed), version);
}
