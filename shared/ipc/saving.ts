import type { AppError } from '../app-error.ts';
import type { Ending } from '../ending.ts';
import type { LogId } from '../domain/ids.ts';

/** What saving a text would do, before anything is written. */
export interface SavePreview {
  readonly author: { readonly user: string; readonly name: string };
  /** Where the log goes: the root of a workspace, or the data folder. Absolute. */
  readonly folder: string;
  /** Its name there. */
  readonly path: string;
  /** The findings of `session-log lint`. */
  readonly findings: readonly {
    readonly severity: 'error' | 'warning';
    readonly message: string;
  }[];
  readonly warnings: readonly string[];
}

/** How a part of a save ended; `none` if it had nothing to do, `local` if it is committed and there is no remote. */
export interface SavePart {
  readonly ending: Ending | 'none' | 'running' | 'local';
  /** Null when there is nothing to report. */
  readonly error: AppError | null;
}

/** The receipt of a save. The log is on disk, whatever else it reports. */
export interface SaveReceipt {
  /** Opens the log; null if the index does not list it. */
  readonly log: LogId | null;
  /** Absolute. */
  readonly file: string;
  readonly action: 'created' | 'appended' | 'unchanged';
  readonly lines: number;
  readonly author: { readonly user: string; readonly name: string };
  /** The entry in the machine's daily log. */
  readonly daily: SavePart;
  readonly git: SavePart;
  /** The second workspace, if there is one. */
  readonly vault: SavePart;
  readonly store: SavePart;
  readonly warnings: readonly string[];
  /** Unread notes from colleagues that arrived with it. */
  readonly notes: number;
}
