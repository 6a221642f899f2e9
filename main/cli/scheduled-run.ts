import { exitCodeOf, EXIT, type AppError } from '../../shared/app-error.ts';
import { openDesk, type Desk } from '../compose/open-desk.ts';
import { enqueue } from '../core/agent-hooks/queue.ts';
import { readPause } from '../core/app/schedule/pause-file.ts';
import type { TimerTask } from '../core/timers/timer-task.ts';
import { syncWorkTrees } from '../core/workflows/sync-work-trees.ts';
import { describeError, type CliContext } from './cli-context.ts';
import { runSync } from './commands/sync.ts';
import { drainQueueOf, readerAt } from './drain-queue.ts';

/** What passes by itself is no failure of a timer, or the system would mark it broken for a laptop without a network. */
const PASSES: ReadonlySet<number> = new Set([EXIT.done, EXIT.unavailable, EXIT.deferred]);

/**
 * What the system's timer starts: one task, silent when all went well, and nothing while a person has paused. Ends with 0 also when it was
 * deferred or the store is out of reach; the next time is soon enough.
 */
export async function runScheduled(context: CliContext, task: TimerTask): Promise<void> {
  const desk = openDesk();
  if (!desk.ok) return tell(context, desk.error);
  const { files, paths, clock } = desk.value;
  if ((await readPause(files, paths.pause, clock.now())) !== null) return;
  if (task === 'full') return quietly(context, (quiet) => runSync(quiet, { full: true, json: true }));
  if (task === 'git') return syncWorkspaces(context, desk.value);
  // What hooks have left in the queue (the network was gone) is done by the way.
  await enqueue(desk.value, { kind: task === 'push' ? 'push' : 'index-pull', at: clock.now() });
  const core = await context.core();
  if (!core.ok) return tell(context, core.error);
  try {
    const reader = await readerAt(desk.value, paths.home);
    const drained = await drainQueueOf(core.value, reader, { signal: context.signal });
    const problem = drained.ok ? drained.value.problem : drained.error;
    if (problem !== null) tell(context, problem);
  } finally {
    await core.value.close();
  }
}

/** Each registered workspace as its setting says; never waiting for somebody else's lock. Notes that arrive stay unread. */
async function syncWorkspaces(context: CliContext, desk: Desk): Promise<void> {
  const { workspaces, schedule } = desk.settings.git;
  for (const mode of ['logs', 'notes'] as const) {
    const trees = workspaces.filter((path) => (schedule[path]?.mode ?? 'logs') === mode);
    const request = { trees, mode, own: 'saved' as const, waitMs: 0, signal: context.signal };
    const { report } = await syncWorkTrees(desk, request);
    for (const { problem } of report.runs) if (problem !== null) tell(context, problem);
  }
}

/** Runs a command as with `--json`, so that notes in it count as seen by nobody, and says only what needs a person. */
async function quietly(context: CliContext, run: (quiet: CliContext) => Promise<void>): Promise<void> {
  let [printed, code] = ['', 0];
  await run({
    ...context,
    out: (text) => {
      printed += text;
    },
    note: () => undefined,
    exitWith: (wanted) => {
      code = wanted;
    },
  });
  if (PASSES.has(code)) return;
  const error = errorOf(printed);
  if (error !== null) context.note(`${describeError(error)}\n`);
  context.exitWith(code);
}

function tell(context: CliContext, error: AppError): void {
  if (PASSES.has(exitCodeOf(error))) return;
  context.note(`${describeError(error)}\n`);
  context.exitWith(exitCodeOf(error));
}

function errorOf(printed: string): AppError | null {
  try {
    return (JSON.parse(printed) as { readonly error?: AppError }).error ?? null;
  } catch {
    return null;
  }
}
