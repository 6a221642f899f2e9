import type { AppError, Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { fileIdentity, moveAside } from './database-file.ts';
import type { IndexFault } from './index-faults.ts';
import type { IndexRebuilt } from './index-file.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** An open database, and what tells whether its path still means the same file. */
export interface OpenDatabase {
  readonly db: SqliteConnection;
  readonly identity: string;
  /** Set when opening emptied an older or foreign version. */
  readonly rebuilt: IndexRebuilt | null;
}

export interface HealingParts<Kept> {
  /** Absolute path of the database. */
  readonly file: string;
  /** @throws what SQLite or the disk throws */
  readonly open: () => OpenDatabase;
  /** Classifies a thrown error; null for one of our bugs, which is rethrown. */
  readonly faultOf: (error: unknown) => IndexFault | null;
  /** The error for a caller who met the damage and could not be served. */
  readonly damaged: (detail: string) => AppError;
  readonly onRebuilt: (event: IndexRebuilt) => void;
  /** Extracts what a damaged database's successor can use, and inserts it there. */
  readonly rescue?: {
    readonly take: (db: SqliteConnection) => Kept;
    readonly put: (db: SqliteConnection, kept: Kept) => void;
  };
}

/** A database that may be deleted, damaged or replaced at any time. */
export interface HealingDatabase {
  /** Runs work, opening the file if needed. Work that meets damage is repeated on an empty database. */
  run<T>(work: (db: SqliteConnection) => T | Promise<T>): Answer<T>;
  /** The open database if its path still leads to it; null otherwise. */
  ifOpen(): SqliteConnection | null;
  close(): void;
}

/** A result, or the damage that was met and in which file. */
type Attempt<T> =
  | { readonly result: Result<T, AppError>; readonly damage?: never }
  | { readonly damage: { readonly identity: string; readonly detail: string }; readonly result?: never };

/**
 * Creates a database that opens its file on the first call, detects that it was replaced or damaged, and then starts over: a call that
 * met the damage is served from the empty one, so that the caller sees what is missing and supplies it.
 */
export function createHealingDatabase<Kept>(parts: HealingParts<Kept>): HealingDatabase {
  const { file, rescue } = parts;
  let open: OpenDatabase | null = null;
  const shut = (): void => {
    const last = open;
    open = null;
    try {
      last?.db.close();
    } catch {
      // Closing writes the journal back; a full disk or a damaged file is reported by the next call that needs it.
    }
  };
  const isCurrent = (): boolean => open !== null && open.identity === fileIdentity(file);
  const current = (): SqliteConnection => {
    if (!isCurrent()) shut();
    if (!open) {
      open = parts.open();
      if (open.rebuilt) parts.onRebuilt(open.rebuilt);
    }
    return open.db;
  };
  const startAnew = (identity: string): void => {
    // Another call may have met the same damage and already handled it.
    if (open && open.identity !== identity) return;
    const kept = open && rescue ? rescue.take(open.db) : null;
    shut();
    const movedTo = moveAside(file, identity);
    if (movedTo !== null) parts.onRebuilt({ reason: 'damaged', movedTo });
    if (kept !== null) rescue?.put(current(), kept);
  };
  const attempt = async <T>(work: () => T | Promise<T>): Promise<Attempt<T>> => {
    const identity = open?.identity ?? fileIdentity(file);
    try {
      return { result: ok(await work()) };
    } catch (error) {
      const fault = parts.faultOf(error);
      if (fault === null) throw error;
      return fault.kind === 'answer'
        ? { result: err(fault.error) }
        : { damage: { identity, detail: fault.detail } };
    }
  };
  return {
    run: async (work) => {
      const once = () => work(current());
      const first = await attempt(once);
      if (first.result) return first.result;
      const { identity, detail } = first.damage;
      const anew = await attempt(() => startAnew(identity));
      if (anew.result?.ok === false) return anew.result;
      const second = await attempt(once);
      // What builds on lost rows (kept segments) cannot be stored: the next pull sees that all is missing.
      if (second.result && (second.result.ok || second.result.error.code !== 'invalid-input'))
        return second.result;
      return err(parts.damaged(detail));
    },
    ifOpen: () => (isCurrent() && open ? open.db : null),
    close: shut,
  };
}
