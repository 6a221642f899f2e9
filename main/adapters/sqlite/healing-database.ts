import type { AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { fileIdentity, moveAside } from './database-file.ts';
import type { IndexFault } from './index-faults.ts';
import type { IndexRebuilt } from './index-file.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** An open database and what tells whether its path still means the same file. */
export interface OpenDatabase {
  readonly db: SqliteConnection;
  readonly identity: string;
  /** Set when opening it emptied an older or foreign version. */
  readonly rebuilt: IndexRebuilt | null;
}

export interface HealingParts<Kept> {
  /** Absolute path of the database. */
  readonly file: string;
  /** @throws what SQLite or the disk throws */
  readonly open: () => OpenDatabase;
  /** What a thrown error means; null for a bug of ours, which is thrown on. */
  readonly faultOf: (error: unknown) => IndexFault | null;
  /** What the caller is told who met the damage and could not be answered. */
  readonly damaged: (detail: string) => AppError;
  readonly onRebuilt: (event: IndexRebuilt) => void;
  /** Takes out of a damaged database what its successor can use, and puts it in there. */
  readonly rescue?: {
    readonly take: (db: SqliteConnection) => Kept;
    readonly put: (db: SqliteConnection, kept: Kept) => void;
  };
}

/** A database that anybody may delete, damage or replace at any time. */
export interface HealingDatabase {
  /** Does work, opening the file if need be. Work that meets damage is done again on an empty database. */
  run<T>(work: (db: SqliteConnection) => T | Promise<T>): Promise<Result<T, AppError>>;
  /** The open database if its path still leads to it; null otherwise. */
  ifOpen(): SqliteConnection | null;
  close(): void;
}

/** An answer, or the damage that was met and in which file. */
type Attempt<T> =
  | { readonly result: Result<T, AppError>; readonly damage?: never }
  | { readonly damage: { readonly identity: string; readonly detail: string }; readonly result?: never };

/**
 * Makes a database that opens its file at the first call, finds out when the file was replaced or damaged, and then starts anew: a call
 * that met the damage is answered from the empty one, so that the caller sees what is missing and brings it.
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
      // Closing writes the journal back; that the disk is full or the file damaged is told by the next call that needs it.
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
    // Another call may have met the same damage and be done with it.
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
      // What was built on rows that are gone (kept segments) cannot be put: the next pull sees that all is missing.
      if (second.result && (second.result.ok || second.result.error.code !== 'invalid-input'))
        return second.result;
      return err(parts.damaged(detail));
    },
    ifOpen: () => (isCurrent() && open ? open.db : null),
    close: shut,
  };
}
