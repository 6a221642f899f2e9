import type { AppError } from '../../../shared/app-error.ts';

/** What was found in the data folder before a command ran. */
export interface FolderProblems {
  readonly problems: readonly { readonly path: string; readonly problem: string; readonly remedy: string }[];
}

/**
 * The next step for something in the data folder that was denied: files of another owner, which a run under sudo leaves, are the cause, and
 * one command repairs them all.
 * @param home absolute path of the data folder
 * @returns the error with that step; as it was when it is about anything else
 */
export function withOwnerRemedy(error: AppError, { problems }: FolderProblems, home: string): AppError {
  const path = error.details?.['path'];
  const [found] = problems;
  if (error.code !== 'denied' || found === undefined || typeof path !== 'string') return error;
  if (!path.startsWith(home)) return error;
  return { ...error, message: `${error.message} ${found.problem}`, remedy: found.remedy };
}
