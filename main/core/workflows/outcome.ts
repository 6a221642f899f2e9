import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/**
 * The result of work that can be partly done: the report says what was done, whatever else happened. A workflow that could not begin (no
 * settings, no identity) returns a failed `Result` instead.
 */
export interface Outcome<R> {
  readonly report: R;
  /** Why it is not all done; null when it is. */
  readonly problem: AppError | null;
}

export { endingOf, type Ending } from '../../../shared/ending.ts';

/** Returns why work is incomplete, whether it could not begin or was partly done; null when it is complete. */
export function problemOf(result: Result<Outcome<unknown>, AppError>): AppError | null {
  return result.ok ? result.value.problem : result.error;
}
