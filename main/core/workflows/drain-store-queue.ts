import type { AppError, Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Drained } from '../agent-hooks/queue.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { drainQueue, type QueueActions } from './drain-queue.ts';
import { problemOf, type Outcome } from './outcome.ts';
import { pullIndex } from './pull-index.ts';
import { push } from './push.ts';
import type { NotesOptions } from './receive-notes.ts';
import type { StoreBase } from './store-base.ts';

/** What draining needs beside the store. */
export type DrainOptions = RunOptions & NotesOptions & Pick<QueueActions, 'capture'>;

/** Drains what hooks and saves queued, where nobody watches the single runs. */
export function drainStoreQueue(base: StoreBase, { capture, ...options }: DrainOptions): Answer<Drained> {
  return drainQueue(
    { ...base.sync, paths: base.paths },
    {
      pullIndex: async () => allDone(await pullIndex(base, options)),
      push: async () => allDone(await push(base, options)),
      capture,
    },
  );
}

function allDone(result: Result<Outcome<unknown>, AppError>): Result<void, AppError> {
  const problem = problemOf(result);
  return problem === null ? ok(undefined) : err(problem);
}
