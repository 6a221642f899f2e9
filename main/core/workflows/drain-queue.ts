import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
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

/** What draining the queue needs. */
export interface DrainDeps extends QueueDeps {
  readonly paths: QueueDeps['paths'] & NotesDeps['paths'];
}

/** Handlers of agents' requests. Each must be safe to repeat. */
export interface QueueActions {
  /** Pulls the index and receives its notes. */
  readonly pullIndex: () => Answer<unknown>;
  readonly push: () => Answer<unknown>;
  /** Captures agent sessions. */
  readonly capture: (asked: AskedCapture) => Answer<unknown>;
}

/**
 * Handles the requests of agents' sessions, for whichever interface has the time: receipts of notes first, then the index (somebody has
 * just begun to work and wants their notes), then agents' sessions, then the push. Each is tried, whatever happened to the others. What is
 * deferred stays queued; what needs a person does not: it would be retried for ever, and the run itself has told them.
 */
export async function drainQueue(deps: DrainDeps, actions: QueueActions): Answer<Drained> {
  let problem: AppError | null = null;
  for (;;) {
    const drained = await drain(deps, (work) => perform(deps, actions, work));
    if (!drained.ok) return drained;
    problem = drained.value.problem ?? problem;
    // A request made meanwhile found this drain running and left it the work.
    if (drained.value.outcome !== 'done' || !(await hasNews(deps))) return ok({ ...drained.value, problem });
  }
}

/** Whether a drain left work that will be retried. */
export function isLeft({ left }: Pick<Undone, 'left'>): boolean {
  return !isNothing(left);
}

async function perform(deps: DrainDeps, actions: QueueActions, work: QueueWork): Promise<Undone> {
  const problems: AppError[] = [];
  const stays = async (wanted: boolean, act: () => Answer<unknown>): Promise<boolean> => {
    if (!wanted) return false;
    const done = await act();
    if (done.ok) return false;
    problems.push(done.error);
    // A cancelled run tells nothing about the request.
    return ['deferred', 'cancelled'].includes(endingOf(done.error));
  };
  const shown: QueueWork['shown'][number][] = [];
  for (const receipt of work.shown) {
    const reader = { user: receipt.reader, fullName: null };
    if (await stays(true, () => markNotes(deps, reader, receipt.notes, 'read'))) shown.push(receipt);
  }
  const indexPull = await stays(work.indexPull, actions.pullIndex);
  // Before the push: it takes these sessions' logs along.
  const { sweep, sessions } = work;
  const isCapturing = await stays(sweep || sessions.length > 0, () => actions.capture({ sweep, sessions }));
  const push = await stays(work.push, actions.push);
  const left = { ...NOTHING, shown, indexPull, push, ...(isCapturing ? { sweep, sessions } : {}) };
  return { left, problem: problems[0] ?? null };
}
