import type { Answer } from '../../../shared/app-error.ts';

/** The user's own programs for files. Where there are none (the browser view), calls fail with `usage`. */
export interface FileManager {
  /** Shows an absolute path in the file manager. */
  reveal(path: string): Answer<void>;
  /**
   * Opens a file in an editor.
   * @param editor command line from the settings; empty for the system default
   * @param line 1-based line to go to, where supported
   */
  edit(path: string, editor: string, line?: number): Answer<void>;
}
