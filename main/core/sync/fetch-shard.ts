import { appError, type AppError, stopped } from '../../../shared/app-error.ts';
import type { LogEntry, SegmentRef, ShardHead } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import { readSegment } from './read-shard.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import {
  PACKED_LIMIT,
  refusedShard,
  SHARD_PACKED_LIMIT,
  SHARD_UNPACKED_LIMIT,
  UNPACKED_LIMIT,
} from './shard-limits.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** A segment, its entries in its reader's form. */
export interface FetchedSegment<T = readonly LogEntry[]> {
  readonly name: string;
  readonly entries: T;
  readonly refused: readonly string[];
}

/** Reads a segment's JSON, and may take over its bytes. */
type SegmentReader<T> = (
  json: Uint8Array,
  name: string,
  bytes: Bytes,
) => Result<Omit<FetchedSegment<T>, 'name'>, AppError>;

/** A compressed segment as stored: a tenth of its unpacked size. */
export interface RawSegment {
  readonly segment: SegmentRef;
  readonly bytes: Uint8Array;
}

/** A machine's number after a year, fetched in one round trip. */
const SEGMENTS_AT_ONCE = 8;
/** Unpacked in another thread while this one reads the previous. */
const UNPACKED_AT_ONCE = 2;

type Deps = Pick<SyncDeps, 'store' | 'layout' | 'bytes'>;
type Options = Pick<RunOptions, 'signal'>;

/**
 * Fetches and reads the unknown segments of a head.
 * @param known names that need not be fetched
 */
export async function readShardEntries(
  deps: Deps,
  head: ShardHead,
  known: ReadonlySet<string>,
  options: Options,
): Promise<Result<readonly FetchedSegment[], AppError>> {
  const raw = await fetchSegments(deps, head, known, options);
  return raw.ok ? await readSegments(deps, head, raw.value, options, readSegment) : raw;
}

/** The first half of {@link readShardEntries}: fetches segments without unpacking them. */
export async function fetchSegments(
  deps: Deps,
  head: ShardHead,
  known: ReadonlySet<string>,
  options: Options,
): Promise<Result<readonly RawSegment[], AppError>> {
  const missing = head.segments.filter((segment) => !known.has(segment.name));
  let packed = 0;
  return await gather(missing, SEGMENTS_AT_ONCE, options, async (segment) => {
    const found = await deps.store.get(deps.layout.segment(head.machine, segment.name), {
      limit: PACKED_LIMIT,
      signal: options.signal,
    });
    if (!found.ok) return found;
    if (found.value === null) return err(missingPart(head, segment.name));
    const { bytes } = found.value;
    packed += bytes.length;
    return packed > SHARD_PACKED_LIMIT ? err(tooLarge(head)) : ok({ segment, bytes });
  });
}

/** The second half: checks each against its digest in the head. */
export async function readSegments<T>(
  deps: Deps,
  head: ShardHead,
  raw: readonly RawSegment[],
  options: Options,
  reader: SegmentReader<T>,
): Promise<Result<readonly FetchedSegment<T>[], AppError>> {
  let unpacked = 0;
  return await gather(raw, UNPACKED_AT_ONCE, options, async ({ segment, bytes }) => {
    const json = await deps.bytes.gunzip(bytes, UNPACKED_LIMIT);
    unpacked += json?.length ?? 0;
    if (unpacked > SHARD_UNPACKED_LIMIT) return err(tooLarge(head));
    const isWhole = json !== null && deps.bytes.sha256(json) === segment.sha256;
    const read = isWhole ? reader(json, segment.name, deps.bytes) : null;
    return read?.ok ? ok({ name: segment.name, ...read.value }) : err(damagedPart(head, segment.name));
  });
}

/** Maps items with limited concurrency; the first failure ends it. */
async function gather<T, U>(
  items: readonly T[],
  atOnce: number,
  { signal }: Options,
  task: (item: T) => Promise<Result<U, AppError>>,
): Promise<Result<readonly U[], AppError>> {
  const done: U[] = [];
  let failure: AppError | null = null;
  await runLimited(items, atOnce, signal, async (item) => {
    const result = await task(item);
    if (result.ok) done.push(result.value);
    else failure ??= result.error;
    return result.ok;
  });
  if (failure !== null) return err(failure);
  if (signal?.aborted) return err(stopped('Stopped while reading the index.'));
  return ok(done);
}

function missingPart(head: ShardHead, name: string): AppError {
  return appError(
    'corrupt',
    `A part of the index of ${head.host} (${name}) is missing from the store.`,
    writeAgain(head),
  );
}

function damagedPart(head: ShardHead, name: string): AppError {
  return refusedShard(
    `A part of the index of ${head.host} (${name}) does not match its digest, or cannot be understood.`,
    writeAgain(head),
  );
}

function tooLarge(head: ShardHead): AppError {
  return refusedShard(
    `The index of ${head.host} is larger than an index can be.`,
    `It is left out. Look at who writes as ${head.host} (machine ${head.machine}).`,
  );
}

function writeAgain(head: ShardHead): string {
  return `Run \`session-log sync --full\` on ${head.host}: it writes the part again.`;
}
