import type { AppError } from './app-error.ts';

/** How work ended, in the words that every interface shows. */
export type Ending = 'done' | 'partial' | 'deferred' | 'attention' | 'cancelled' | 'failed';

/** What only a person can put right. Everything else that is not transient has failed. */
const ATTENTION: ReadonlySet<AppError['code']> = new Set([
  'attention',
  'ambiguous',
  'precondition',
  'clone-alarm',
]);

/**
 * Decides how work ended. This is the only place that does: command line, app and browser view ask here.
 * Deferred is what will be retried and may then succeed with nothing changed by a person: a held lock, no network, a time-out, a busy server.
 * @param problem null for work that is all done
 */
export function endingOf(problem: AppError | null): Ending {
  if (problem === null) return 'done';
  if (problem.code === 'cancelled') return 'cancelled';
  if (problem.code === 'partial') return 'partial';
  if (problem.transient) return 'deferred';
  return ATTENTION.has(problem.code) ? 'attention' : 'failed';
}
