import type { Answer } from '../../../shared/app-error.ts';

/**
 * Copies of the app's command line, for apps whose own path changes: an AppImage is mounted elsewhere at every start. All copies are in one
 * folder and made whole or not at all.
 */
export interface ProgramCopies {
  /** Absolute path of the copy of this name, whether it exists or not. */
  placeOf(name: string): string;
  /** Copies a folder with its contents, unless this copy exists. Codes: `io`, `disk-full`, `denied`. */
  keep(folder: string, name: string): Answer<void>;
  /** Removes all copies but this one; all of them for null. A program running from one continues. */
  forget(except: string | null): Answer<void>;
}
