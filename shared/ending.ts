import type { AppError } from './app-error.ts';

/** How work ended, in the words shown by every interface. */
export type Ending = 'done' | 'partial' | 'deferred' | 'attention' | 'cancelled' | 'failed';

/** Failures only a person can resolve. Anything else that is not transient has failed. */
const ATTENTION: ReadonlySet<AppError['code']> = new Set([
  'attention',
  'ambiguous',
  'precondition',
  'clone-alarm',
]);

/**
 * Decides how work ended, for the command line, the app and the browser view; the only place that does. Deferred means that it will be
 * retried and may then succeed without a person changing anything: a held lock, no network, a time-out, a busy server.
 * @param problem null when all work is done
 */
export function endingOf(problem: AppError | null): Ending {
  if (problem === null) return 'done';
  if (problem.code === 'cancelled') return 'cancelled';
  if (problem.code === 'partial') return 'partial';
  if (problem.transient) return 'deferred';
  return ATTENTION.has(problem.code) ? 'attention' : 'failed';
}
