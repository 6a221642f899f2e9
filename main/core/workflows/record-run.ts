import type { Answer } from '../../../shared/app-error.ts';
import { problemOf, type Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';
import { saveMachineSummary } from '../status/machine-summary.ts';
import { markSync, type SyncKind } from '../status/sync-journal.ts';

/**
 * Runs a sync and records its end for `status` and the schedule. A run that was deferred or cancelled counts as neither success nor failure
 * of the store; a dry run is not recorded. The records are best effort: they never change the result.
 */
export async function recordRun<R>(
  { sync: deps, paths }: Pick<StoreBase, 'sync' | 'paths'>,
  kind: SyncKind,
  { dryRun = false }: { readonly dryRun?: boolean },
  run: () => Answer<Outcome<R>>,
): Answer<Outcome<R>> {
  const result = await run();
  const problem = problemOf(result);
  if (dryRun || problem?.code === 'lock-held' || problem?.code === 'cancelled') return result;
  const recorded = [
    await markSync(deps.files, deps.clock, paths.schedule, deps.store.url, kind, problem, deps.logger),
    await saveMachineSummary(deps.files, deps.index, paths),
  ];
  for (const record of recorded)
    if (!record.ok) {
      const { code, message } = record.error;
      deps.logger.warn('could not record how a sync ended', { kind, code, message });
    }
  return result;
}
