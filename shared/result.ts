/**
 * A computation that may fail in an expected way. Expected failures are values; a throw is a bug.
 * Discriminate on `ok`.
 */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** Wraps a success. */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** Wraps an expected failure. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}

/** Maps the success value; returns a failure unchanged. */
export function mapOk<T, U, E>(result: Result<T, E>, map: (value: T) => U): Result<U, E> {
  return result.ok ? ok(map(result.value)) : result;
}

/**
 * Returns the value of a result that can only have succeeded.
 * @throws Error when it did not: that is a bug, not an expected failure.
 */
export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  const reason = result.error instanceof Error ? result.error.message : JSON.stringify(result.error);
  throw new Error(`unwrap of a failure: ${reason}`);
}
