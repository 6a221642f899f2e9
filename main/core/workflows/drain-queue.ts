import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import {
  drain,
  hasNews,
  isNothing,
  NOTHING,
  type Drained,
  type QueueDeps,
  type QueueWork,
  type Undone,
} from '../agent-hooks/queue.ts';
import { markNotes } from '../notes/inbox.ts';
import type { NotesDeps } from '../notes/inbox-file.ts';
import type { AskedCapture } from './capture-asked.ts';
import { endingOf } from './outcome.ts';

/** What draining the queue takes. */
export interface DrainDeps extends QueueDeps {
  readonly paths: QueueDeps['paths'] & NotesDeps['paths'];
}

/** What the requests of agents' sessions come to. Each must be safe to repeat. */
export interface QueueActions {
  /** Pulls the index and receives the notes in it. */
  readonly pullIndex: () => Promise<Result<unknown, AppError>>;
  readonly push: () => Promise<Result<unknown, AppError>>;
  /** Keeps sessions of agents. */
  readonly capture: (asked: AskedCapture) => Promise<Result<unknown, AppError>>;
}

/**
 * Does what agents' sessions have asked for, for whichever interface has the time: receipts of notes first, then the index (somebody has just
 * begun to work and wants to see their notes), then sessions of agents, then the push. Each is tried, whatever became of the others. What is deferred stays in the
 * queue; what needs a person does not: it would be tried for ever, and the run itself has told them.
 */
export async function drainQueue(deps: DrainDeps, actions: QueueActions): Promise<Result<Drained, AppError>> {
  let problem: AppError | null = null;
  for (;;) {
    const drained = await drain(deps, (work) => perform(deps, actions, work));
    if (!drained.ok) return drained;
    problem = drained.value.problem ?? problem;
    // Whoever asked meanwhile has found this drain at work and left it to it.
    if (drained.value.outcome !== 'done' || !(await hasNews(deps))) return ok({ ...drained.value, problem });
  }
}

/** Whether a drain has left something that will be retried. */
export function isLeft({ left }: Pick<Undone, 'left'>): boolean {
  return !isNothing(left);
}

async function perform(deps: DrainDeps, actions: QueueActions, work: QueueWork): Promise<Undone> {
  const problems: AppError[] = [];
  const stays = async (wanted: boolean, act: () => Promise<Result<unknown, AppError>>): Promise<boolean> => {
    if (!wanted) return false;
    const done = await act();
    if (done.ok) return false;
    problems.push(done.error);
    // A run that was stopped has said nothing about what was asked for.
    return ['deferred', 'cancelled'].includes(endingOf(done.error));
  };
  const shown: QueueWork['shown'][number][] = [];
  for (const receipt of work.shown) {
    const reader = { user: receipt.reader, fullName: null };
    if (await stays(true, () => markNotes(deps, reader, receipt.notes, 'read'))) shown.push(receipt);
  }
  const indexPull = await stays(work.indexPull, actions.pullIndex);
  // Before the push: the logs of these sessions go with it.
  const { sweep, sessions } = work;
  const isCapturing = await stays(sweep || sessions.length > 0, () => actions.capture({ sweep, sessions }));
  const push = await stays(work.push, actions.push);
  const left = { ...NOTHING, shown, indexPull, push, ...(isCapturing ? { sweep, sessions } : {}) };
  return { left, problem: problems[0] ?? null };
}
