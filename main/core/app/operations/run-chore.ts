import type { OperationCause } from '../../../../shared/ipc/operation.ts';
import type { Chore } from '../schedule/auto-sync.ts';
import { drainHooks } from './hooks-chore.ts';
import type { Wiring } from '../wiring.ts';

/** Starts what is due. */
export function runChore(wiring: Wiring, chore: Exclude<Chore, 'resume'>, cause: OperationCause): void {
  const { runs, follow } = wiring;
  if (chore === 'hooks') void runHooks(wiring);
  else if (chore !== 'git') void runs[chore](cause);
  else
    for (const mode of ['logs', 'notes'] as const) {
      const trees = follow.waitingTrees(mode);
      if (trees.length > 0) void runs.git({ trees, all: false, mode }, cause);
    }
}

async function runHooks({ holder, runs, auto, notes, status }: Wiring): Promise<void> {
  const drained = await holder.use((core) => drainHooks(core, runs));
  const problem = drained.ok ? drained.value.problem : drained.error;
  const isLeft = !drained.ok || problem?.transient === true;
  auto.ended('hooks', { outcome: isLeft ? 'failed' : 'done', error: isLeft ? problem : null });
  // Receipts of what hooks have shown are news to the inbox; an empty queue is none to anybody.
  if (!drained.ok || drained.value.outcome !== 'done') return;
  await notes.check();
  await status.look();
}
