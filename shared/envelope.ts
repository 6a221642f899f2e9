import type { AppError } from './app-error.ts';
import type { Result } from './result.ts';

/**
 * How every answer crosses a process boundary, and what `--json` prints. Plain data: it survives both structured clone and JSON
 * (a rejected `ipcRenderer.invoke` would keep only a message).
 */
export type Envelope<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AppError };

/** Wraps a result in an envelope. `void` becomes `null`, because JSON has no `undefined`. */
export function envelopeOf<T>(result: Result<T, AppError>): Envelope<T> {
  if (!result.ok) return { ok: false, error: result.error };
  return { ok: true, value: result.value === undefined ? (null as T) : result.value };
}

/** True when an unknown value (an HTTP body, a reply of an older app) has the shape of an envelope. */
export function isEnvelope(value: unknown): value is Envelope<unknown> {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  if (value.ok === true) return 'value' in value;
  if (value.ok !== false || !('error' in value)) return false;
  const error = value.error;
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    'message' in error &&
    typeof error.message === 'string' &&
    'remedy' in error &&
    typeof error.remedy === 'string'
  );
}
