import { appError, type AppError } from '../../../shared/app-error.ts';

/** Ends a call with an error for the caller and rolls back its transaction. */
export class Refusal extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

/** The file's content is invalid and must be rebuilt. */
export class DamagedIndex extends Error {}

/** An underlying failure: an error for the caller, or an unusable file. */
export type IndexFault =
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: 'answer'; readonly error: AppError };

/**
 * Classifies a failure of SQLite or the disk.
 * @param file what was read or written, for the message
 * @param what its description, for the message
 * @returns null when it is neither, and so a bug
 */
export function indexFault(error: unknown, file: string, what = 'the local index'): IndexFault | null {
  if (error instanceof Refusal) return { kind: 'answer', error: error.error };
  if (error instanceof DamagedIndex) return { kind: 'damaged', detail: error.message };
  const code = error instanceof Error ? faultCode(error) : null;
  if (code === null) return null;
  return DAMAGE.has(code)
    ? { kind: 'damaged', detail: (error as Error).message }
    : { kind: 'answer', error: diskError(code, file, what) };
}

function diskError(code: string, file: string, what: string): AppError {
  if (FULL.has(code))
    return appError(
      'disk-full',
      `The disk is full: ${file} could not be written.`,
      'Free some space and run it again.',
    );
  if (BUSY.has(code))
    return appError(
      'io',
      `Another program is writing ${what} and did not finish in time.`,
      'Run it again in a moment.',
      { transient: true },
    );
  const shut = SHUT.has(code);
  return appError(
    'io',
    shut ? `${file} cannot be written.` : `${file} could not be read or written (${code}).`,
    'Check that the data folder belongs to you and can be written. The file may be deleted; it will be created again.',
    shut ? { details: { path: file, isShut: true } } : { transient: true },
  );
}

/** SQLite could not enlarge its shared-memory file, which it needs even for reading: the disk is full (SQLITE_IOERR_SHMSIZE). */
const IOERR_SHMSIZE = 4874;

/** SQLite's primary result codes with a meaning of their own here. */
const RESULT: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  17: 'SQLITE_SCHEMA',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  23: 'SQLITE_AUTH',
  24: 'SQLITE_FORMAT',
  26: 'SQLITE_NOTADB',
};
// From the third on: a table, column or value that is not ours, so some of the file's pages are from another time or
// program.
const DAMAGE: ReadonlySet<string> = new Set([
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_ERROR',
  'SQLITE_SCHEMA',
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  'SQLITE_FORMAT',
]);
const BUSY: ReadonlySet<string> = new Set(['SQLITE_BUSY', 'SQLITE_LOCKED']);
const FULL: ReadonlySet<string> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG']);
const SHUT: ReadonlySet<string> = new Set([
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
  'SQLITE_AUTH',
  'EACCES',
  'EPERM',
  'EROFS',
]);

/** True for an error that means the file is not writable. */
export function isShut(error: unknown): boolean {
  return error instanceof Error && SHUT.has(faultCode(error) ?? '');
}

/** True for an error that means another process holds the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && BUSY.has(faultCode(error) ?? '');
}

/** The primary name of a result code, or an errno; null for anything else. */
function faultCode(error: Error & { readonly code?: unknown; readonly rawCode?: unknown }): string | null {
  // libsql gives the reason for a failed open only in the text, with SQLite's number.
  const opened = /ConnectionFailed\(.*: (\d+)"?\)/s.exec(error.message);
  const number = opened ? Number(opened[1]) : error.rawCode;
  // By number, because libsql does not know all their names.
  if (number === IOERR_SHMSIZE) return 'SQLITE_FULL';
  if (typeof number === 'number') return RESULT[number & 0xff] ?? `SQLite error ${number}`;
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : null;
}
