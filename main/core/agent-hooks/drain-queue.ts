import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import {
  drain,
  hasNews,
  NOTHING,
  type Drained,
  type QueueDeps,
  type QueueWork,
  type Undone,
} from './queue.ts';

/** What the requests of agents' sessions come to. Each must be safe to repeat. */
export interface QueueActions {
  /** Makes receipts of notes that a hook has shown to a reader. */
  readonly markShown: (reader: string, notes: readonly string[]) => Promise<Result<unknown, AppError>>;
  /** Pulls the index and receives the notes in it. */
  readonly pullIndex: () => Promise<Result<unknown, AppError>>;
  readonly push: () => Promise<Result<unknown, AppError>>;
}

/**
 * Does what agents' sessions have asked for, for whichever face has the time. Each thing is tried, whatever became of the others; the
 * index first, because somebody has just begun to work and wants to see their notes. What passes by itself (no network, somebody else's lock)
 * stays in the queue; what needs a person does not: it would be tried for ever, and the run itself has told them.
 */
export async function drainQueue(deps: QueueDeps, actions: QueueActions): Promise<Result<Drained, AppError>> {
  let problem: AppError | null = null;
  for (;;) {
    const drained = await drain(deps, (work) => perform(actions, work));
    if (!drained.ok) return drained;
    problem = drained.value.problem ?? problem;
    // Whoever asked meanwhile has found this drain at work and left it to it.
    if (drained.value.outcome !== 'done' || !(await hasNews(deps))) return ok({ ...drained.value, problem });
  }
}

async function perform(actions: QueueActions, work: QueueWork): Promise<Undone> {
  const problems: AppError[] = [];
  const stays = async (wanted: boolean, act: () => Promise<Result<unknown, AppError>>): Promise<boolean> => {
    if (!wanted) return false;
    const done = await act();
    if (done.ok) return false;
    problems.push(done.error);
    return comesAgain(done.error);
  };
  const shown: QueueWork['shown'][number][] = [];
  for (const receipt of work.shown)
    if (await stays(true, () => actions.markShown(receipt.reader, receipt.notes))) shown.push(receipt);
  const indexPull = await stays(work.indexPull, actions.pullIndex);
  const push = await stays(work.push, actions.push);
  return { left: { ...NOTHING, shown, indexPull, push }, problem: problems[0] ?? null };
}

/** A run that was stopped has said nothing about what was asked for. */
function comesAgain(error: AppError): boolean {
  return error.transient || error.code === 'cancelled';
}
