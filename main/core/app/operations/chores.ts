import type { OperationCause } from '../../../../shared/ipc/operation.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import type { TreeMemory } from '../status/tree-memory.ts';
import { drainHooks } from './hooks-chore.ts';
import type { SyncRuns } from './sync-runs.ts';

export interface ChoresParts {
  readonly present: PresentCore;
  readonly runs: SyncRuns;
  readonly trees: Pick<TreeMemory, 'waiting'>;
  readonly bus: Bus;
}

/** Starts what the schedule says is due. */
export function doChores(parts: ChoresParts): void {
  const { bus, runs } = parts;
  bus.on('chore.due', ({ chore, cause }) => {
    if (chore === 'hooks') return drainQueue(parts);
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

async function drainQueue({ present, runs, bus }: ChoresParts): Promise<void> {
  const drained = await present.use((core) => drainHooks(core, runs));
  const problem = drained.ok ? drained.value.problem : drained.error;
  const isLeft = !drained.ok || problem?.transient === true;
  await bus.emit('queue.drained', {
    outcome: isLeft ? 'failed' : 'done',
    error: isLeft ? problem : null,
    done: drained.ok && drained.value.outcome === 'done',
  });
}
