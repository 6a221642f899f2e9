import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { isObject } from '../../../shared/json.ts';

/** Parses a JSON object from bytes with an optional byte order mark; `corrupt` with the reason otherwise. */
export function parseJsonObject(
  bytes: Uint8Array,
  path: string,
): Result<Readonly<Record<string, unknown>>, AppError> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(value) ? ok(value) : err(unusable(path, 'it holds no JSON object'));
  } catch {
    // The parser's message quotes the file: it may hold anything.
    const conflict = new TextDecoder().decode(bytes).includes('<<<<<<<');
    return err(unusable(path, conflict ? 'it holds the marks of a merge conflict' : 'it is not valid JSON'));
  }
}

/** The failure for an unreadable file of the workspace. */
export function unusable(path: string, why: string): AppError {
  return appError(
    'corrupt',
    `${path} cannot be used: ${why}.`,
    'Correct the file and repeat; nothing was changed.',
    {
      details: { path },
    },
  );
}
