import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogEntry, ShardHead } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { readSegment, SHARD_LIMIT } from './read-shard.ts';
import { runLimited } from './run-limited.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

export interface FetchedSegment {
  readonly name: string;
  readonly entries: readonly LogEntry[];
  readonly refused: readonly string[];
}

const SEGMENTS_AT_ONCE = 4;

/**
 * Fetches the segments of a head that are not known yet; each is checked against the digest that its head gives.
 * @param known names that need not be fetched
 */
export async function readShardEntries(
  deps: Pick<SyncDeps, 'store' | 'layout' | 'bytes'>,
  head: ShardHead,
  known: ReadonlySet<string>,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<readonly FetchedSegment[], AppError>> {
  const missing = head.segments.filter((segment) => !known.has(segment.name));
  const fetched: FetchedSegment[] = [];
  let failure: AppError | null = null;
  await runLimited(missing, SEGMENTS_AT_ONCE, options.signal, async (segment) => {
    const found = await deps.store.get(
      deps.layout.segment(head.machine, segment.name),
      options.signal ? { signal: options.signal } : {},
    );
    const bytes = found.ok && found.value ? await deps.bytes.gunzip(found.value.bytes, SHARD_LIMIT) : null;
    const read =
      bytes !== null && deps.bytes.sha256(bytes) === segment.sha256 ? readSegment(bytes, segment.name) : null;
    if (read?.ok) {
      fetched.push({ name: segment.name, ...read.value });
      return true;
    }
    failure = found.ok ? damaged(head, segment.name, found.value === null) : found.error;
    return false;
  });
  if (failure !== null) return err(failure);
  if (options.signal?.aborted)
    return err(
      appError('cancelled', 'Stopped while reading the index.', 'Run it again; it goes on where it stopped.'),
    );
  return ok(fetched);
}

function damaged(head: ShardHead, name: string, missing: boolean): AppError {
  return appError(
    'corrupt',
    `A part of the index of ${head.host} (${name}) ${missing ? 'is missing from the store' : 'does not match its digest'}.`,
    `Run \`session-log sync --full\` on ${head.host}: it writes the part again.`,
  );
}
