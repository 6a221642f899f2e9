import type { AppError } from '../app-error.ts';
import type { Ending } from '../ending.ts';
import type { LogId } from '../domain/ids.ts';

/** What saving a text would come to, before anything is written. */
export interface SavePreview {
  readonly author: { readonly user: string; readonly name: string };
  /** Where the log goes: the root of a workspace, or the data folder. Absolute. */
  readonly folder: string;
  /** The name it would get there. */
  readonly path: string;
  /** What `session-log lint` would say of it. */
  readonly findings: readonly {
    readonly severity: 'error' | 'warning';
    readonly message: string;
  }[];
  readonly warnings: readonly string[];
}

/** How a part of a save ended; `none` when it had nothing to do, `local` when it is committed and there is no remote. */
export interface SavePart {
  readonly ending: Ending | 'none' | 'running' | 'local';
  /** Null when there is nothing to say of it. */
  readonly error: AppError | null;
}

/** The receipt of a save. The log is on disk, whatever else it says. */
export interface SaveReceipt {
  /** Opens the log; null where the index does not list it. */
  readonly log: LogId | null;
  /** Absolute. */
  readonly file: string;
  readonly action: 'created' | 'appended' | 'unchanged';
  readonly lines: number;
  readonly author: { readonly user: string; readonly name: string };
  /** The entry in the machine's daily log. */
  readonly daily: SavePart;
  readonly git: SavePart;
  /** The second workspace, where there is one. */
  readonly vault: SavePart;
  readonly store: SavePart;
  readonly warnings: readonly string[];
  /** Notes from colleagues that came with it; they are unread. */
  readonly notes: number;
}
