import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { checkOwnShard } from './check-own-shard.ts';
import { claimPartition } from './claim-partition.ts';
import { ledgerPath, ledgerRow, openLedger, type Ledger } from './ledger.ts';
import { pullIndex, type PullIndexReport } from './pull-index.ts';
import { pushUnlocked, type PushOptions, type PushReport } from './push.ts';
import { restoreLogs, type RestoreReport } from './restore-logs.ts';
import { refreshSessionIndex } from './session-index.ts';
import { findDamaged } from './find-damaged.ts';
import { listPartition, type PartitionListing } from './stored-facts.ts';
import type { SyncDeps } from './sync-deps.ts';
import { withSyncLock } from './with-sync-lock.ts';

export interface FullReport {
  readonly restore: RestoreReport;
  readonly push: PushReport;
  readonly index: PullIndexReport;
  /** Own logs that lay in the store without being listed, or were missing from it, and are set right now. */
  readonly reconciled: number;
  /** Whether this machine's own index could not be read in the store, and was written again. */
  readonly republished: boolean;
  /** Whether the derived `session-index.json` was written anew. */
  readonly aggregate: boolean;
}

/**
 * The bidirectional reconciliation: restore what this disk lacks, push what the store lacks or holds damaged, list what lay unlisted, pull
 * the index.
 * @returns `partial` with the report in `details.report` when some part could not be done
 */
export function fullSync(deps: SyncDeps, options: PushOptions = {}): Promise<Result<FullReport, AppError>> {
  return withSyncLock(deps, 'full sync', options, () => fullUnlocked(deps, options));
}

async function fullUnlocked(deps: SyncDeps, options: PushOptions): Promise<Result<FullReport, AppError>> {
  const claimed = options.dryRun ? ok(undefined) : await claimPartition(deps, options.signal);
  if (!claimed.ok) return claimed;
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  const listing = await listPartition(deps, options.signal);
  if (!listing.ok) return listing;
  const restored = await restoreLogs(deps, ledger.value, listing.value, options);
  if (!restored.ok) return restored;
  const damaged = await findDamaged(deps, listing.value, options);
  const reconciled = options.dryRun ? 0 : await reconcile(deps, ledger.value, listing.value, damaged);
  const unreadable = options.dryRun ? ok(false) : await checkOwnShard(deps, ledger.value, options);
  if (!unreadable.ok) return unreadable;
  const flushed = await ledger.value.flush({ sync: true });
  if (!flushed.ok) return flushed;
  const pushed = await pushUnlocked(deps, { ...options, damaged, lost: 'restored' });
  const push = reportOf<PushReport>(pushed);
  if (push === null) return stoppedEarly(pushed);
  const pulled = await pullIndex(deps, options);
  const index = reportOf<PullIndexReport>(pulled);
  if (index === null) return stoppedEarly(pulled);
  const aggregate = options.dryRun ? ok(false) : await refreshSessionIndex(deps, options);
  const report: FullReport = {
    restore: restored.value,
    push,
    index,
    reconciled,
    republished: unreadable.value && push.published,
    aggregate: aggregate.ok && aggregate.value,
  };
  const failures = [pushed, pulled].flatMap((part) => (part.ok ? [] : [part.error]));
  if (restored.value.failed[0]) failures.push(restored.value.failed[0].error);
  const [first] = failures;
  return first === undefined
    ? ok(report)
    : err(appError('partial', first.message, first.remedy, { details: { report } }));
}

/**
 * Makes the ledger agree with the listing: a row whose object is gone, damaged or of another generation is forgotten, so that the push
 * looks again.
 * @returns how many rows were off
 */
async function reconcile(
  deps: SyncDeps,
  ledger: Ledger,
  listing: PartitionListing,
  damaged: ReadonlySet<LogPath>,
): Promise<number> {
  let off = 0;
  for (const row of ledger.rows.values()) {
    const info = listing.logs.get(row.entry.path);
    const same = info?.generation === row.entry.stored.generation && !damaged.has(row.entry.path);
    if (row.goneSince > 0 || same) continue;
    off++;
    // An mtime that no file has makes the next scan read the log; an unknown checksum makes it ask the store.
    const stored = { ...row.entry.stored, generation: info?.generation ?? '0' };
    ledger.record(ledgerRow({ ...row.entry, mtime: 0, stored }, null));
  }
  if (off > 0) deps.logger.info('the ledger and the store disagreed', { rows: off });
  return off;
}

/** A part that had to stop ends the whole; its own report is none of a full sync. */
function stoppedEarly(part: Result<unknown, AppError>): Result<never, AppError> {
  if (part.ok) throw new Error('a part that succeeded has a report');
  const { report: _, ...details } = part.error.details ?? {};
  return err({ ...part.error, details });
}

function reportOf<T>(result: Result<T, AppError>): T | null {
  if (result.ok) return result.value;
  return result.error.code === 'partial'
    ? ((result.error.details?.['report'] as T | undefined) ?? null)
    : null;
}
