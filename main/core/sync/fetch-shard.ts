import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogEntry, SegmentRef, ShardHead } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import { readSegment, SHARD_LIMIT } from './read-shard.ts';
import { runLimited } from './run-limited.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** A segment that was read, its entries in the form that its reader gives. */
export interface FetchedSegment<T = readonly LogEntry[]> {
  readonly name: string;
  readonly entries: T;
  readonly refused: readonly string[];
}

/** Reads the JSON of a segment, and may take its bytes over. */
type SegmentReader<T> = (
  json: Uint8Array,
  name: string,
  bytes: Bytes,
) => Result<Omit<FetchedSegment<T>, 'name'>, AppError>;

/** A segment as the store keeps it: a tenth of what it unpacks to. */
export interface RawSegment {
  readonly segment: SegmentRef;
  readonly bytes: Uint8Array;
}

/** As many as a machine has after a year, so that they cost one round trip. */
const SEGMENTS_AT_ONCE = 16;
/** Unpacked by other threads while this one reads those before. */
const UNPACKED_AT_ONCE = 4;

type Deps = Pick<SyncDeps, 'store' | 'layout' | 'bytes'>;
type Options = Pick<RunOptions, 'signal'>;

/**
 * Fetches the segments of a head that are not known yet and reads them.
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

/** The first half of {@link readShardEntries}: brings the segments without unpacking them. */
export async function fetchSegments(
  deps: Deps,
  head: ShardHead,
  known: ReadonlySet<string>,
  options: Options,
): Promise<Result<readonly RawSegment[], AppError>> {
  const missing = head.segments.filter((segment) => !known.has(segment.name));
  return await gather(missing, SEGMENTS_AT_ONCE, options, async (segment) => {
    const found = await deps.store.get(
      deps.layout.segment(head.machine, segment.name),
      options.signal ? { signal: options.signal } : {},
    );
    if (!found.ok) return found;
    return found.value === null
      ? err(damaged(head, segment.name, true))
      : ok({ segment, bytes: found.value.bytes });
  });
}

/** The second half: each is checked against the digest that its head gives. */
export async function readSegments<T>(
  deps: Deps,
  head: ShardHead,
  raw: readonly RawSegment[],
  options: Options,
  reader: SegmentReader<T>,
): Promise<Result<readonly FetchedSegment<T>[], AppError>> {
  return await gather(raw, UNPACKED_AT_ONCE, options, async ({ segment, bytes }) => {
    const json = await deps.bytes.gunzip(bytes, SHARD_LIMIT);
    const isWhole = json !== null && deps.bytes.sha256(json) === segment.sha256;
    const read = isWhole ? reader(json, segment.name, deps.bytes) : null;
    return read?.ok ? ok({ name: segment.name, ...read.value }) : err(damaged(head, segment.name, false));
  });
}

/** Does something for each item, some at once; the first failure ends it. */
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
  if (signal?.aborted)
    return err(
      appError('cancelled', 'Stopped while reading the index.', 'Run it again; it goes on where it stopped.'),
    );
  return ok(done);
}

function damaged(head: ShardHead, name: string, missing: boolean): AppError {
  return appError(
    'corrupt',
    `A part of the index of ${head.host} (${name}) ${missing ? 'is missing from the store' : 'does not match its digest'}.`,
    `Run \`session-log sync --full\` on ${head.host}: it writes the part again.`,
  );
}
