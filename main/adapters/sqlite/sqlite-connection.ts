import Database from 'libsql';

/** What may be bound to a statement. Booleans are missing on purpose: binding one aborts the process in libsql 0.5. */
export type SqlValue = string | number | null;

/** A row as an array of its columns. */
export type SqlRow = readonly SqlValue[];

/** One connection with its prepared statements. Everything is synchronous; a failure throws what libsql throws. */
export interface SqliteConnection {
  exec(sql: string): void;
  /** All rows of a query. */
  all(sql: string, ...params: readonly SqlValue[]): readonly SqlRow[];
  /** The first row of a query. */
  first(sql: string, ...params: readonly SqlValue[]): SqlRow | null;
  /** The first column of the first row as text; empty when there is none. */
  text(sql: string, ...params: readonly SqlValue[]): string;
  /** The first column of the first row as a number; 0 when there is none. */
  number(sql: string, ...params: readonly SqlValue[]): number;
  /** @returns how many rows were changed */
  run(sql: string, ...params: readonly SqlValue[]): number;
  /** Runs `work` in a transaction that holds the write lock from its start; a throw rolls back. */
  write<T>(work: () => T): T;
  /** Runs `work` on one state of the database, whatever other processes write meanwhile. */
  read<T>(work: () => T): T;
  inTransaction(): boolean;
  close(): void;
}

interface Prepared {
  readonly reader: boolean;
  raw(on: boolean): unknown;
  all(params: readonly SqlValue[]): unknown[];
  run(params: readonly SqlValue[]): { readonly changes: number };
}

/**
 * Opens a connection.
 * @param file absolute path; made when it is missing
 * @param busyMs how long to wait for another process's transaction
 */
export function openConnection(file: string, busyMs: number): SqliteConnection {
  const db = new Database(file, { timeout: busyMs });
  const statements = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare(sql) as unknown as Prepared;
      if (statement.reader) statement.raw(true);
      statements.set(sql, statement);
    }
    return statement;
  };
  const all = (sql: string, ...params: readonly SqlValue[]): SqlRow[] => prepare(sql).all(params) as SqlRow[];
  const first = (sql: string, ...params: readonly SqlValue[]): SqlRow | null =>
    all(sql, ...params)[0] ?? null;
  const within = <T>(begin: string, work: () => T): T => {
    db.exec(begin);
    try {
      const value = work();
      db.exec('commit');
      return value;
    } catch (error) {
      // Some failures (a full disk, an I/O error) have rolled back already; the first error is the one to tell.
      if (db.inTransaction) attempt(() => db.exec('rollback'));
      throw error;
    }
  };
  return {
    exec: (sql) => {
      db.exec(sql);
    },
    all,
    first,
    text: (sql, ...params) => {
      const value = first(sql, ...params)?.[0];
      return typeof value === 'string' ? value : '';
    },
    number: (sql, ...params) => {
      const value = first(sql, ...params)?.[0];
      return typeof value === 'number' ? value : 0;
    },
    run: (sql, ...params) => prepare(sql).run(params).changes,
    write: (work) => within('begin immediate', work),
    read: (work) => within('begin', work),
    inTransaction: () => db.inTransaction,
    close: () => {
      // libsql cannot finalize a statement: SQLite keeps the file open until the last of them is collected or the thread ends.
      statements.clear();
      db.close();
    },
  };
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The caller is already telling what went wrong.
  }
}
