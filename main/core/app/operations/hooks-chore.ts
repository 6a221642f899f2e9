import { appError, type AppError } from '../../../../shared/app-error.ts';
import type { FinishedOperation } from '../../../../shared/ipc/operation.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { Drained } from '../../agent-hooks/queue.ts';
import { drainQueue } from '../../workflows/drain-queue.ts';
import type { AppCore } from '../app-core.ts';
import type { SyncRuns } from './sync-runs.ts';

/** Does what agents' hooks have queued, as operations that pages show. */
export function drainHooks(core: AppCore, runs: SyncRuns): Promise<Result<Drained, AppError>> {
  return drainQueue(
    { ...core.sync, paths: core.paths },
    {
      // What follows from the end of an index pull (the notes in it) follows from every one.
      pullIndex: async () => resultOf(await runs.index('hook').ended),
      push: async () => resultOf(await runs.push('hook').ended),
    },
  );
}

function resultOf({ outcome, error }: FinishedOperation): Result<void, AppError> {
  if (outcome === 'done' || outcome === 'partial') return ok(undefined);
  return err(error ?? appError('server', 'The queued work was not done.', 'It is tried again.'));
}
