import { appError, isAppError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { FoundSession, TranscriptFile, TranscriptSource } from '../ports/transcript-source.ts';
import { readEvents } from '../transcripts/read-events.ts';
import { collectSession, type Stretch } from './collect-session.ts';

/** A session as its log is made of it. */
export interface ReadTranscript {
  readonly stretches: readonly Stretch[];
  /** SHA-256 of each stretch's bytes of the main file, hex. */
  readonly digests: readonly string[];
  /** Bytes of the main file. */
  readonly bytes: number;
}

/** Gives the bytes of a file, from the agent or from a safe copy. */
export type ReadBytes = (file: TranscriptFile) => AsyncIterable<Uint8Array>;

/**
 * Reads every file of a session once for its events, and the main one once more for the digests of its stretches where it has several. Memory
 * does not grow with the files, but with what was done. Failures are those of the bytes, and `cancelled`.
 * @param limits bytes of each file at most, by its name: what is in the safe copy
 * @param copied keys of what the session's parent tells: left out
 */
export async function readTranscript(
  bytes: Pick<Bytes, 'sha256Stream'>,
  source: Pick<TranscriptSource, 'parser'>,
  session: Pick<FoundSession, 'id' | 'files'>,
  read: ReadBytes,
  limits: ReadonlyMap<string, number>,
  signal?: AbortSignal,
  copied?: ReadonlySet<string>,
): Promise<Result<ReadTranscript, AppError>> {
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
    const events = (file: TranscriptFile): AsyncIterable<readonly TranscriptEvent[]> =>
      readEvents(source.parser(session.id, file), file === main ? measured(whole(file)) : whole(file));
    // A title that stands in a file of its own is the session's from its beginning.
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

/** @param ends where each stretch ends, in order; null for the last */
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

/** The first so many bytes: what a file grew since it was copied is for the next time. */
async function* upTo(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let left = limit;
  for await (const chunk of chunks) {
    if (signal?.aborted) throw stopped();
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= Math.min(left, chunk.length);
  }
}

function stopped(): AppError {
  return appError('cancelled', 'It was stopped.', 'Start it again; it continues where it stopped.');
}
