import { isAppError, stoppedRun, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { FoundSession, TranscriptFile, TranscriptSource } from '../ports/transcript-source.ts';
import { readEvents } from '../transcripts/read-events.ts';
import { collectSession, type Stretch } from './collect-session.ts';

/** A session in the form for its log. */
export interface ReadTranscript {
  readonly stretches: readonly Stretch[];
  /** SHA-256 of each stretch's bytes in the main file, hex. */
  readonly digests: readonly string[];
  /** Bytes of the main file. */
  readonly bytes: number;
}

/** Reads a file's bytes, from the agent or a safe copy. */
export type ReadBytes = (file: TranscriptFile) => AsyncIterable<Uint8Array>;

/**
 * Reads every file of a session once for its events, and the main one again for its stretches' digests if it has several. Memory grows with
 * the work done, not with the files. Failures are those of the bytes, and `cancelled`.
 * @param limits most bytes of each file, by name: those in the safe copy
 * @param copied keys told by the session's parent: left out
 */
export async function readTranscript(
  bytes: Pick<Bytes, 'sha256Stream'>,
  source: Pick<TranscriptSource, 'parser'>,
  session: Pick<FoundSession, 'id' | 'files'>,
  read: ReadBytes,
  limits: ReadonlyMap<string, number>,
  signal?: AbortSignal,
  copied?: ReadonlySet<string>,
): Answer<ReadTranscript> {
  const collector = collectSession(copied);
  const whole = (file: TranscriptFile): AsyncIterable<Uint8Array> =>
    upTo(read(file), limits.get(file.name) ?? 0, signal);
  const hash = bytes.sha256Stream();
  let size = 0;
  const measured = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  try {
    const of = (role: TranscriptFile['role']): readonly TranscriptFile[] =>
      session.files.filter((file) => file.role === role);
    const own = [...of('main'), ...of('history')];
    const [main] = own;
    const events = async function* (file: TranscriptFile): AsyncGenerator<readonly TranscriptEvent[]> {
      const parser = await source.parser(session.id, file);
      yield* readEvents(parser, file === main ? measured(whole(file)) : whole(file));
    };
    // A title in a separate file applies to the session from its start.
    for (const file of [...of('facts'), ...own])
      for await (const some of events(file)) collector.addOwn(some);
    for (const file of of('subagent')) for await (const some of events(file)) collector.addHelpers(some);
    const stretches = collector.stretches();
    const ends = stretches.map(({ to }) => to);
    const isOne = main === undefined || ends.length === 1;
    const digests = isOne ? [hash.hex()] : await digestsOf(bytes, upTo(read(main), size, signal), ends);
    return ok({ stretches, digests, bytes: size });
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    return err(thrown);
  }
}

/** @param ends the end of each stretch, in order; null for the last */
async function digestsOf(
  bytes: Pick<Bytes, 'sha256Stream'>,
  chunks: AsyncIterable<Uint8Array>,
  ends: readonly (number | null)[],
): Promise<readonly string[]> {
  const digests: string[] = [];
  let hash = bytes.sha256Stream();
  let at = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = ends[digests.length]; end !== null && end !== undefined && end <= at + chunk.length;) {
      hash.update(chunk.subarray(from, end - at));
      digests.push(hash.hex());
      hash = bytes.sha256Stream();
      from = end - at;
      end = ends[digests.length];
    }
    hash.update(chunk.subarray(from));
    at += chunk.length;
  }
  return [...digests, hash.hex()];
}

/** The first bytes only: what a file has grown since it was copied comes next time. */
async function* upTo(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let left = limit;
  for await (const chunk of chunks) {
    if (signal?.aborted) throw stoppedRun();
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= Math.min(left, chunk.length);
  }
}
