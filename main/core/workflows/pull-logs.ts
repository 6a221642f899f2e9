import type { Answer } from '../../../shared/app-error.ts';
import { recordRun } from './record-run.ts';
import { pullLogs as fetchLogs, type PullReport, type PullSelection } from '../sync/pull-logs.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import type { Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';

/**
 * Pulls logs of other machines into the cache and records the result.
 * @param selection which logs; own ones are counted and left alone
 * @returns the problem says which could not be pulled; a failure when it could not begin
 */
export function pullLogs(
  base: StoreBase,
  selection: PullSelection,
  options: RunOptions = {},
): Answer<Outcome<PullReport>> {
  return recordRun(base, 'pull', options, () => fetchLogs(base.sync, selection, options));
}
