import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/** The person's own programs for files. Where there is none (the browser view), each call answers `usage`. */
export interface FileManager {
  /** Shows a file or folder, absolute, in the file manager. */
  reveal(path: string): Promise<Result<void, AppError>>;
  /**
   * Opens a file in an editor.
   * @param editor command line of the settings; empty for the system's own choice
   * @param line 1-based line to go to, where the editor can
   */
  edit(path: string, editor: string, line?: number): Promise<Result<void, AppError>>;
}
