import { appError, type AppError } from '../../../../shared/app-error.ts';
import {
  EMPTY_SUMMARY,
  type FinishedOperation,
  type OperationCause,
} from '../../../../shared/ipc/operation.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { Git } from '../../ports/git.ts';
import { captureDeps } from '../../workflows/capture-base.ts';
import { captureAsked } from '../../workflows/capture-asked.ts';
import { drainQueue, isLeft } from '../../workflows/drain-queue.ts';
import type { AppCore } from '../app-core.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import type { TreeMemory } from '../status/tree-memory.ts';
import { endWith } from './operation-end.ts';
import type { SyncRuns } from './sync-runs.ts';

export interface ChoresParts {
  readonly present: PresentCore;
  readonly runs: SyncRuns;
  readonly trees: Pick<TreeMemory, 'waiting'>;
  readonly git: Git;
  readonly bus: Bus;
}

/** Starts scheduled work when due. */
export function doChores(parts: ChoresParts): void {
  const { bus, runs } = parts;
  bus.on('chore.due', ({ chore, cause }) => {
    if (chore === 'hooks') return drain(parts);
    if (chore === 'git') return retryTrees(parts, cause);
    return void runs[chore](cause);
  });
  bus.on('workspace.due', ({ path, mode }) => {
    runs.git({ trees: [path], all: false, mode }, 'schedule');
  });
}

function retryTrees({ trees, runs }: ChoresParts, cause: OperationCause): void {
  for (const mode of ['logs', 'notes'] as const) {
    const waiting = trees.waiting(mode);
    if (waiting.length > 0) runs.git({ trees: waiting, all: false, mode }, cause);
  }
}

/** Drains the queue of hooks and saves, as operations that pages show. */
export function drainByRuns(
  core: AppCore,
  runs: Pick<SyncRuns, 'index' | 'push'>,
  git: Git,
): ReturnType<typeof drainQueue> {
  return drainQueue(
    { ...core.sync, paths: core.paths },
    {
      pullIndex: async () => resultOf(await runs.index('hook').ended),
      push: async () => resultOf(await runs.push('hook').ended),
      capture: async (asked) => captureAsked(await captureDeps(core, git), asked),
    },
  );
}

async function drain({ present, runs, git, bus }: ChoresParts): Promise<void> {
  const drained = await present.use((core) => drainByRuns(core, runs, git));
  const problem = drained.ok ? drained.value.problem : drained.error;
  const left = drained.ok && isLeft(drained.value) ? 'deferred' : 'done';
  await bus.emit('queue.drained', {
    outcome: drained.ok ? left : endWith(drained.error, EMPTY_SUMMARY).outcome,
    error: problem,
    done: drained.ok && drained.value.outcome === 'done',
  });
}

function resultOf({ outcome, error }: FinishedOperation): Result<void, AppError> {
  if (outcome === 'done' || outcome === 'partial') return ok(undefined);
  return err(error ?? appError('server', 'The queued work was not done.', 'It is tried again.'));
}
