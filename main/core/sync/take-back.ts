import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { ledgerPath, openLedger } from './ledger.ts';
import { refreshOwnRows } from './refresh-own-rows.ts';
import { restoreOne } from './restore-logs.ts';
import { listPartition } from './stored-facts.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import { withSyncLock } from './with-sync-lock.ts';

/**
 * Answers "the log here is shorter than the stored one" by taking the stored one. What lies here is first kept beside it under a name
 * that is no log, whatever it holds.
 * @returns where the local bytes were kept; null when there were none
 */
export function takeBack(
  deps: SyncDeps,
  path: LogPath,
  options: RunOptions,
): Promise<Result<string | null, AppError>> {
  return withSyncLock(deps, 'restore', options, async () => {
    const ledger = await openLedger(deps.files, ledgerPath(deps));
    if (!ledger.ok) return ledger;
    const listing = await listPartition(deps, options.signal);
    if (!listing.ok) return listing;
    const target = `${deps.paths.sessionLogs}/${path}`;
    const local = await deps.files.read(target);
    if (!local.ok) return local;
    let kept: string | null = null;
    if (local.value !== null && listing.value.logs.has(path)) {
      kept = `${target}.before-restore-${deps.random.hex(4)}`;
      const made = await deps.files.create(kept, local.value);
      if (!made.ok) return made;
    }
    const restored = await restoreOne(deps, ledger.value, path, listing.value, options);
    if (!restored.ok) return restored;
    const flushed = await ledger.value.flush({ sync: true });
    if (!flushed.ok) return flushed;
    await refreshOwnRows(deps, ledger.value);
    return ok(kept);
  });
}
