import { appError, type AppError } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { ledgerPath, openLedger } from './ledger.ts';
import { refreshOwnRows } from './refresh-own-rows.ts';
import { restoreLogs, type RestoreReport } from './restore-logs.ts';
import { listPartition } from './stored-facts.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import { withSyncLock } from './with-sync-lock.ts';

/**
 * Brings back every own log that the store has and this disk lacks, also those that count as deleted here. What is here is left as it is.
 * @returns `partial` with the report in `details.report` when some could not be brought back
 */
export function restoreAll(
  deps: SyncDeps,
  options: RunOptions = {},
): Promise<Result<RestoreReport, AppError>> {
  return withSyncLock(deps, 'restore', options, async () => {
    const ledger = await openLedger(deps.files, ledgerPath(deps));
    if (!ledger.ok) return ledger;
    const listing = await listPartition(deps, options.signal);
    if (!listing.ok) return listing;
    const all = new Set<string>(listing.value.logs.keys());
    const report = await restoreLogs(deps, ledger.value, listing.value, options, all);
    if (!options.dryRun) await refreshOwnRows(deps, ledger.value);
    if (!report.ok) return report;
    const [first] = report.value.failed;
    if (first === undefined) return ok(report.value);
    return err(
      appError(
        'partial',
        `${plural(report.value.failed.length, 'log')} could not be brought back. ${first.error.message}`,
        first.error.remedy,
        { details: { report: report.value } },
      ),
    );
  });
}
