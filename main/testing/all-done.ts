import type { AppError } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';
import { problemOf, type Outcome } from '../core/workflows/outcome.ts';

/**
 * Takes the report of work that a test wants done to the last log.
 * @throws Error when it could not begin or was done in part
 */
export function allDone<R>(result: Result<Outcome<R>, AppError>): R {
  const problem = problemOf(result);
  if (!result.ok || problem !== null)
    throw new Error(
      `not all done: ${problem?.code}: ${problem?.message} ${JSON.stringify(problem?.details)}`,
    );
  return result.value.report;
}

/**
 * Takes the report of work that may have been done in part.
 * @throws Error when it could not begin
 */
export function reportOf<R>(result: Result<Outcome<R>, AppError>): R {
  if (!result.ok) throw new Error(`not begun: ${result.error.code}: ${result.error.message}`);
  return result.value.report;
}
