import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { saveMachineSummary } from './machine-summary.ts';
import { markSync, type SyncKind } from './sync-journal.ts';
import type { StatusPaths } from './status.ts';

/**
 * Runs a sync and notes how it ended, for `status` and the schedule. A run that was deferred or stopped by a person is neither a
 * success nor a failure of the store. The notes are best effort: they never change what the run answers.
 */
export async function recordRun<T>(
  deps: SyncDeps,
  paths: Pick<StatusPaths, 'schedule' | 'machineSummary' | 'indexDb'>,
  kind: SyncKind,
  run: () => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  const result = await run();
  if (!result.ok && (result.error.code === 'lock-held' || result.error.code === 'cancelled')) return result;
  const noted = [
    await markSync(
      deps.files,
      deps.clock,
      paths.schedule,
      deps.store.url,
      kind,
      result.ok ? null : result.error,
    ),
  ];
  if (kind !== 'git') noted.push(await saveMachineSummary(deps.files, deps.index, paths));
  for (const note of noted)
    if (!note.ok)
      deps.logger.warn('could not note how a sync ended', {
        kind,
        code: note.error.code,
        message: note.error.message,
      });
  return result;
}
