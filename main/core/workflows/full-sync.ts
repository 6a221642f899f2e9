import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { tidyState } from '../files/tidy-state.ts';
import { dropForgotten } from './drop-forgotten.ts';
import { recordRun } from './record-run.ts';
import { checkOwnShard } from '../sync/check-own-shard.ts';
import { claimPartition } from '../sync/claim-partition.ts';
import { findDamaged } from '../sync/find-damaged.ts';
import { openPartition } from '../sync/open-partition.ts';
import { pullIndex, type PullIndexOptions } from '../sync/pull-index.ts';
import { pushUnlocked, type PushOptions } from '../sync/push.ts';
import type { PushReport } from '../sync/push-tally.ts';
import { reconcile } from '../sync/reconcile.ts';
import { restoreLogs, type RestoreReport } from '../sync/restore-logs.ts';
import { refreshSessionIndex } from '../sync/session-index.ts';
import type { CheckedCopies } from '../sync/session-copies.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';
import { problemOf, type Outcome } from './outcome.ts';
import type { IndexReport } from './pull-index.ts';
import { collectHeads, pullTeamTexts, type TextsOptions } from './pull-team-texts.ts';
import { receiveAfterPull, type NotesOptions } from './receive-notes.ts';
import { publishKept, recallKept } from './share-kept.ts';
import { shareNotSecrets } from './share-not-secrets.ts';
import type { StoreBase } from './store-base.ts';

export interface FullReport {
  readonly restore: RestoreReport;
  readonly push: PushReport;
  readonly index: IndexReport;
  /** Own logs that were stored but not listed, or missing from the store, and are corrected. */
  readonly reconciled: number;
  /** Copies of sessions: faults in them, here or there, and what was repaired. */
  readonly copies: CheckedCopies | null;
  /** Whether this machine's stored index was unreadable and has been rewritten. */
  readonly republished: boolean;
  /** Whether the derived `session-index.json` was rewritten. */
  readonly aggregate: boolean;
}

/**
 * Reconciles in both directions: restores what this disk lacks, pushes what the store lacks or holds damaged, lists what was unlisted,
 * pulls the index, receives its notes, writes the aggregates for outside readers and pulls the text of other machines' logs; and records
 * the result. Also cleans the state folder, because it runs once a day.
 * @returns the problem `partial` when some part could not be done; a failure when the run had to stop
 */
export async function fullSync(
  base: StoreBase,
  options: PushOptions & NotesOptions & TextsOptions,
): Answer<Outcome<FullReport>> {
  const { sync } = base;
  const { heads, onHead } = collectHeads();
  if (!options.dryRun) await recallKept(base);
  const done = await recordRun(base, 'full', options, () =>
    withSyncLock(sync, 'full sync', options, () => everyStep(sync, { ...options, onHead })),
  );
  if (!options.dryRun) {
    await receiveAfterPull(base, options);
    await dropForgotten(base);
    await shareNotSecrets(base);
    const shared = await publishKept(base, options);
    if (!shared.ok) sync.logger.warn('kept values were not shared', { code: shared.error.code });
    await tidyState(sync, base.paths.state, sync.paths.cache);
  }
  if (!done.ok) return done;
  const texts = await pullTeamTexts(base, heads, options);
  const { report, problem } = done.value;
  return ok({ report: { ...report, index: { ...report.index, texts } }, problem });
}

async function everyStep(
  deps: SyncDeps,
  options: PushOptions & PullIndexOptions,
): Answer<Outcome<FullReport>> {
  const claimed = options.dryRun ? ok(undefined) : await claimPartition(deps, options.signal);
  if (!claimed.ok) return claimed;
  const partition = await openPartition(deps, options);
  if (!partition.ok) return partition;
  const { ledger, listing } = partition.value;
  const restored = await restoreLogs(deps, ledger, listing, options);
  if (!restored.ok) return restored;
  const damaged = await findDamaged(deps, listing, options);
  const reconciled = options.dryRun ? 0 : reconcile(deps.logger, ledger, listing, damaged);
  const unreadable = options.dryRun ? ok(false) : await checkOwnShard(deps, ledger, options);
  if (!unreadable.ok) return unreadable;
  const flushed = await ledger.flush({ sync: true });
  if (!flushed.ok) return flushed;
  // Before the push, which re-uploads what the store has lost.
  const copies = options.dryRun ? undefined : await checkCopies(deps, options);
  if (copies?.ok === false) return copies;
  const pushed = await toItsEnd(pushUnlocked(deps, { ...options, damaged, lost: 'restored' }));
  if (!pushed.ok) return pushed;
  const pulled = await toItsEnd(pullIndex(deps, options));
  if (!pulled.ok) return pulled;
  const aggregate = options.dryRun ? ok(false) : await writeAggregates(deps, options);
  const report: FullReport = {
    restore: restored.value,
    push: pushed.value.report,
    index: { ...pulled.value.report, texts: null },
    reconciled,
    copies: copies?.value ?? null,
    republished: unreadable.value && pushed.value.report.published,
    aggregate: aggregate.ok && aggregate.value,
  };
  const [copy] = report.copies?.problems ?? [];
  const first =
    pushed.value.problem ??
    pulled.value.problem ??
    restored.value.failed[0]?.error ??
    (copy && appError('partial', copy.problem, copy.remedy)) ??
    null;
  return ok({ report, problem: first && appError('partial', first.message, first.remedy) });
}

/** A folder reports recorded facts only, so its bytes are read. */
async function checkCopies(
  { copies, store }: SyncDeps,
  { signal }: RunOptions,
): Promise<Result<CheckedCopies, AppError> | undefined> {
  return copies?.check({ repair: true, deep: store.statesRecords ?? false, signal });
}

/** A part that had to stop ends the run, and its report is not a full sync's; one that was done in part does not. */
async function toItsEnd<R>(part: Answer<Outcome<R>>): Answer<Outcome<R>> {
  const result = await part;
  const problem = problemOf(result);
  if (problem === null || (result.ok && problem.code === 'partial')) return result;
  return err({ ...problem, details: { ...problem.details } });
}

/** The whole index as one file, in the cache here and in the store: nobody of ours reads either. */
async function writeAggregates(deps: SyncDeps, options: PushOptions): Answer<boolean> {
  const exported = await deps.index.exportTo(deps.paths.cacheIndex);
  return exported.ok ? await refreshSessionIndex(deps, options) : exported;
}
