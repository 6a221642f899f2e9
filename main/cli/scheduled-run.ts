import { exitCodeOf, type AppError } from '../../shared/app-error.ts';
import { openLocal, type LocalContext } from '../compose/open-local.ts';
import { readPause } from '../core/status/pause-file.ts';
import type { TimerTask } from '../core/timers/timer-task.ts';
import { askFor } from '../core/workflows/ask-for.ts';
import { drainStoreQueue } from '../core/workflows/drain-store-queue.ts';
import { fullSync } from '../core/workflows/full-sync.ts';
import { endingOf, problemOf } from '../core/workflows/outcome.ts';
import { syncWorkTrees } from '../core/workflows/sync-work-trees.ts';
import { capturing } from './drain-queue.ts';
import { describeError, type CliContext } from './cli-context.ts';

/**
 * Runs one task for the system's timer: silent on success, and nothing while paused by a person. Exits with 0 even when deferred (or the
 * system would mark the timer as broken for a laptop without a network); the next run is soon enough.
 */
export async function runScheduled(context: CliContext, task: TimerTask): Promise<void> {
  const local = openLocal();
  if (!local.ok) return tell(context, local.error);
  const { files, paths, clock } = local.value;
  if ((await readPause(files, paths.pause, clock.now())) !== null) return;
  if (task === 'git') return syncWorkspaces(context, local.value);
  // Also does what hooks have left in the queue (the network was gone).
  if (task !== 'full') await askFor(local.value, task === 'push' ? 'push' : 'index-pull');
  const core = await context.core();
  if (!core.ok) return tell(context, core.error);
  const options = { signal: context.signal, reader: { folder: paths.home } };
  try {
    if (task === 'full') return tell(context, problemOf(await fullSync(core.value, options)));
    const drained = await drainStoreQueue(core.value, {
      ...options,
      capture: capturing(core.value, context.signal),
    });
    tell(context, drained.ok ? drained.value.problem : drained.error);
  } finally {
    await core.value.close();
  }
}

/** Syncs each registered workspace as its setting says; never waits for somebody else's lock. Notes that arrive stay unread. */
async function syncWorkspaces(context: CliContext, local: LocalContext): Promise<void> {
  const { workspaces, schedule } = local.settings.git;
  for (const mode of ['logs', 'notes'] as const) {
    const trees = workspaces.filter((path) => (schedule[path]?.mode ?? 'logs') === mode);
    const request = { trees, mode, own: 'saved' as const, waitMs: 0, signal: context.signal };
    const { report } = await syncWorkTrees(local, request);
    for (const { problem } of report.runs) tell(context, problem);
  }
}

/** Reports what needs a person. */
function tell(context: CliContext, problem: AppError | null): void {
  if (problem === null || endingOf(problem) === 'deferred') return;
  context.warn(`${describeError(problem)}\n`);
  context.exitWith(exitCodeOf(problem));
}
