import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { openPartition } from '../sync/open-partition.ts';
import { refreshOwnRows } from '../ledger/refresh-own-rows.ts';
import { restoreLogs, restoreOne, type RestoreReport } from '../sync/restore-logs.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';
import type { Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';

/**
 * Brings back every own log that the store has and this disk lacks, also those that count as deleted here. What is here is left as it is.
 * @returns the problem `partial` when some could not be brought back; a failure when the run had to stop
 */
export function restoreAll(
  { sync }: Pick<StoreBase, 'sync'>,
  options: RunOptions = {},
): Promise<Result<Outcome<RestoreReport>, AppError>> {
  return withSyncLock<Outcome<RestoreReport>>(sync, 'restore', options, async () => {
    const partition = await openPartition(sync, options);
    if (!partition.ok) return partition;
    const { ledger, listing } = partition.value;
    const all = new Set<string>(listing.logs.keys());
    const report = await restoreLogs(sync, ledger, listing, options, all);
    if (!options.dryRun) await refreshOwnRows(sync, ledger);
    if (!report.ok) return report;
    const [first] = report.value.failed;
    if (first === undefined) return ok({ report: report.value, problem: null });
    const message = `${plural(report.value.failed.length, 'log')} could not be brought back. ${first.error.message}`;
    return ok({ report: report.value, problem: appError('partial', message, first.error.remedy) });
  });
}

/**
 * Answers "the log here is shorter than the stored one" by taking the stored one. What lies here is first kept beside it under a name
 * that is no log, whatever it holds.
 * @returns where the local bytes were kept; null when there were none
 */
export function takeBack(
  { sync }: Pick<StoreBase, 'sync'>,
  path: LogPath,
  options: RunOptions = {},
): Promise<Result<string | null, AppError>> {
  return withSyncLock(sync, 'restore', options, async () => {
    const partition = await openPartition(sync, options);
    if (!partition.ok) return partition;
    const { ledger, listing } = partition.value;
    const target = `${sync.paths.sessionLogs}/${path}`;
    const local = await sync.files.read(target);
    if (!local.ok) return local;
    let kept: string | null = null;
    if (local.value !== null && listing.logs.has(path)) {
      kept = `${target}.before-restore-${sync.random.hex(4)}`;
      const made = await sync.files.create(kept, local.value);
      if (!made.ok) return made;
    }
    const restored = await restoreOne(sync, ledger, path, listing, options);
    if (!restored.ok) return restored;
    const flushed = await ledger.flush({ sync: true });
    if (!flushed.ok) return flushed;
    await refreshOwnRows(sync, ledger);
    return ok(kept);
  });
}
