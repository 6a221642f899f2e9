import Database from 'libsql';
import { DamagedIndex } from './index-faults.ts';

/** Values that can be bound to a statement. Booleans are missing on purpose: binding one aborts the process in libsql 0.5. */
export type SqlValue = string | number | null | Uint8Array;

/** A row of numbers. */
export type NumberRow = readonly (number | null)[];

/**
 * One connection with its prepared statements. Everything is synchronous; failures throw libsql's errors.
 *
 * Text never leaves SQLite as text: libsql 0.5 aborts the process on a text that is not UTF-8, and one flipped bit on the disk makes one.
 * {@link rows} returns it as JSON in a blob; {@link all} is for numbers and throws on text.
 */
export interface SqliteConnection {
  exec(sql: string): void;
  /** The rows of a query that returns each row as one JSON text named `row`. Throws {@link DamagedIndex} on invalid JSON. */
  rows(sql: string, ...params: readonly SqlValue[]): readonly unknown[];
  /** The rows of a query for numbers. */
  all(sql: string, ...params: readonly SqlValue[]): readonly NumberRow[];
  /** The first row of a query for numbers. */
  first(sql: string, ...params: readonly SqlValue[]): NumberRow | null;
  /** The first column of the first row of a query for numbers; 0 when there is none. */
  number(sql: string, ...params: readonly SqlValue[]): number;
  /** The single value of a query that casts it to a blob, as text; invalid UTF-8 is replaced. Empty when there is none. */
  text(sql: string, ...params: readonly SqlValue[]): string;
  /** Like {@link text}, but the bytes; null when there is none. */
  bytes(sql: string, ...params: readonly SqlValue[]): Uint8Array | null;
  /** The result of a pragma, as SQLite words it. */
  pragma(text: string): string;
  /** @returns the number of changed rows */
  run(sql: string, ...params: readonly SqlValue[]): number;
  /** Runs `work` in a transaction that takes the write lock at once; a throw rolls back. */
  write<T>(work: () => T): T;
  /** Runs `work` on one snapshot of the database, whatever other processes write meanwhile. */
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
 * @param file absolute path; created when missing
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
  const all = (sql: string, ...params: readonly SqlValue[]): NumberRow[] => {
    const rows = prepare(sql).all(params) as NumberRow[];
    if (rows[0]?.some((value) => typeof value === 'string'))
      throw new Error(`read text as a blob, or it may end the process: ${sql}`);
    return rows;
  };
  const first = (sql: string, ...params: readonly SqlValue[]): NumberRow | null =>
    all(sql, ...params)[0] ?? null;
  const bytes = (sql: string, ...params: readonly SqlValue[]): Buffer | null => {
    const value = (prepare(sql).all(params) as unknown[][])[0]?.[0];
    return Buffer.isBuffer(value) ? value : null;
  };
  const text = (sql: string, ...params: readonly SqlValue[]): string =>
    bytes(sql, ...params)?.toString() ?? '';
  const within = <T>(begin: string, work: () => T): T => {
    db.exec(begin);
    try {
      const value = work();
      db.exec('commit');
      return value;
    } catch (error) {
      // Some failures (a full disk, an I/O error) have already rolled back; the first error is the one to report.
      if (db.inTransaction) attempt(() => db.exec('rollback'));
      throw error;
    }
  };
  return {
    exec: (sql) => {
      db.exec(sql);
    },
    rows: (sql, ...params) => {
      const json = text(`select cast(group_concat(row) as blob) from (${sql})`, ...params);
      try {
        return JSON.parse(`[${json}]`) as unknown[];
      } catch {
        throw new DamagedIndex('a row cannot be read');
      }
    },
    all,
    first,
    number: (sql, ...params) => first(sql, ...params)?.[0] ?? 0,
    text,
    bytes,
    pragma: (name) => String((prepare(`pragma ${name}`).all([]) as unknown[][])[0]?.[0]),
    run: (sql, ...params) => prepare(sql).run(params).changes,
    write: (work) => within('begin immediate', work),
    read: (work) => within('begin', work),
    inTransaction: () => db.inTransaction,
    close: () => {
      // libsql cannot finalize a statement: SQLite keeps the file open until the last one is garbage collected or the thread
      // ends.
      statements.clear();
      db.close();
    },
  };
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The caller is already reporting the failure.
  }
}
