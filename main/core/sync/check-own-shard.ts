import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { readShardEntries } from './fetch-shard.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readHead } from './read-shard.ts';
import { PACKED_LIMIT, UNPACKED_LIMIT } from './shard-limits.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/**
 * Reads this machine's own shard as the others do, and has the next publishing write all of it again when it cannot be read: a head or a
 * segment that went from the store or was damaged there. A push with nothing new would leave it so, and nobody would see this machine's logs.
 * @returns whether it has to be written again
 */
export async function checkOwnShard(
  deps: SyncDeps,
  ledger: Ledger,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<boolean, AppError>> {
  const { published } = ledger;
  if (published === null) return ok(false);
  const read = await readOwnShard(deps, options);
  if (read.ok ? read.value : read.error.code !== 'corrupt') return read.ok ? ok(false) : read;
  deps.logger.warn('the index of this machine cannot be read in the store; it is written again');
  ledger.recordPublished({ ...published, segments: [], digest: '', receiptsDigest: '' });
  return ok(true);
}

/** @returns false when there is no head; `corrupt` when something of the shard cannot be read */
async function readOwnShard(
  deps: SyncDeps,
  { signal }: Pick<RunOptions, 'signal'>,
): Promise<Result<boolean, AppError>> {
  const found = await deps.store.get(deps.layout.head(deps.self.uuid), {
    limit: PACKED_LIMIT,
    ...(signal ? { signal } : {}),
  });
  if (!found.ok) return found;
  if (found.value === null) return ok(false);
  const json = await deps.bytes.gunzip(found.value.bytes, UNPACKED_LIMIT);
  const head = readHead(json ?? new Uint8Array(), deps.self.uuid);
  if (!head.ok) return head;
  const entries = await readShardEntries(deps, head.value.head, new Set(), signal ? { signal } : {});
  return entries.ok ? ok(true) : entries;
}
