import type { AppError } from '../../../shared/app-error.ts';

/** Faults of the data folder found before a command ran. */
export interface FolderProblems {
  readonly problems: readonly { readonly path: string; readonly problem: string; readonly remedy: string }[];
}

/**
 * Adds the remedy for a denied path in the data folder: files of another owner, left by a run under sudo, are the cause, and one command
 * repairs them all.
 * @param home absolute path of the data folder
 * @returns the error with that remedy; unchanged when it is about anything else
 */
export function withOwnerRemedy(error: AppError, { problems }: FolderProblems, home: string): AppError {
  const path = error.details?.['path'];
  const [found] = problems;
  // A database says only that it cannot be opened.
  const isDenied = error.code === 'denied' || error.details?.['isShut'] === true;
  if (!isDenied || found === undefined || typeof path !== 'string') return error;
  if (!path.startsWith(home)) return error;
  return { ...error, code: 'denied', message: `${error.message} ${found.problem}`, remedy: found.remedy };
}
