import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/**
 * Copies of the command line that the app carries, for apps whose own place does not stay: an AppImage is mounted elsewhere at every start.
 * All copies lie in one folder and are made whole or not at all.
 */
export interface ProgramCopies {
  /** Absolute path of the copy of this name, whether it is there or not. */
  placeOf(name: string): string;
  /** Copies a folder with all that it holds, unless the copy of this name is there. Codes: `io`, `disk-full`, `denied`. */
  keep(folder: string, name: string): Promise<Result<void, AppError>>;
  /** Removes all copies but the one of this name; all of them for null. A program that runs from one goes on. */
  forget(except: string | null): Promise<Result<void, AppError>>;
}
