import type { AppError } from '../../../shared/app-error.ts';

/**
 * What work came to that can be done in part: the report says what was done, whatever else happened.
 * A workflow that could not begin (no settings, no identity) returns a failed `Result` instead.
 */
export interface Outcome<R> {
  readonly report: R;
  /** Why it is not all done; null when it is. */
  readonly problem: AppError | null;
}

export { endingOf, type Ending } from '../../../shared/ending.ts';
