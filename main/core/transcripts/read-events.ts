import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type { TranscriptParser } from '../ports/transcript-source.ts';

/** Runs a parser over bytes as they come: each chunk's events, final ones last. Throws what the bytes throw. */
export async function* readEvents(
  parser: TranscriptParser,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly TranscriptEvent[]> {
  for await (const piece of bytes) yield parser.push(piece);
  yield parser.end();
}
