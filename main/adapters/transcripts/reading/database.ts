import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { appError, isAppError, type AppError } from '../../../../shared/app-error.ts';
import { openConnection, type SqliteConnection } from '../../sqlite/sqlite-connection.ts';

/** An agent's database, opened read-only. */
export interface AgentDatabase {
  readonly path: string;
  /** Display name. */
  readonly agent: string;
  /** Required columns, by table; otherwise it is not understood. */
  readonly needed: Readonly<Record<string, readonly string[]>>;
}

/** How long to wait for a program with exclusive access to the database. */
const BUSY_MS = 1_000;

/**
 * Runs work on a database without changing it.
 * @throws AppError `corrupt` for one that is not understood, `timeout` for one in use, `not-found`
 */
export function withDatabase<T>(database: AgentDatabase, work: (db: SqliteConnection) => T): T {
  const db = opened(database);
  try {
    return work(db);
  } catch (error) {
    throw failure(database, error);
  } finally {
    db.close();
  }
}

/** The same for a generator. */
export function* withinDatabase<T>(
  database: AgentDatabase,
  work: (db: SqliteConnection) => Generator<T>,
): Generator<T> {
  const db = opened(database);
  try {
    yield* work(db);
  } catch (error) {
    throw failure(database, error);
  } finally {
    db.close();
  }
}

/** Why a database lacking columns is not understood; null if all exist. */
export function missingColumns(db: SqliteConnection, needed: AgentDatabase['needed']): string | null {
  for (const [table, names] of Object.entries(needed)) {
    const columns = columnsOf(db, table);
    const missing = names.filter((name) => !columns.has(name));
    if (missing.length > 0) return `${table} has no ${missing.join(', ')}`;
  }
  return null;
}

/** Returns a table's column names; none when there is no such table. */
export function columnsOf(db: SqliteConnection, table: string): ReadonlySet<unknown> {
  return new Set(db.rows('select json_quote(name) as row from pragma_table_info(?)', table));
}

/** The error for something no longer in it. */
export function goneFrom({ path }: Pick<AgentDatabase, 'path'>, what: string): AppError {
  return appError(
    'not-found',
    `${what} is gone from ${path}.`,
    'See which sessions there are: session-log sessions.',
  );
}

/** Opens it without writing anything: normally while its agent is running, else as an immutable file. */
function opened(database: AgentDatabase): SqliteConnection {
  const { path, needed } = database;
  if (!existsSync(path)) throw goneFrom(database, 'The database');
  // SQLite would create a missing journal for reading, and without one nothing is missed.
  const isAtRest = ['-wal', '-journal'].every(
    (side) => (statSync(`${path}${side}`, { throwIfNoEntry: false })?.size ?? 0) === 0,
  );
  const how = isAtRest ? 'immutable=1' : 'mode=ro';
  try {
    const db = openConnection(`${pathToFileURL(path).href}?${how}`, BUSY_MS);
    const missing = missingColumns(db, needed);
    if (missing === null) return db;
    db.close();
    throw notUnderstood(database, missing);
  } catch (error) {
    throw failure(database, error);
  }
}

function failure(database: AgentDatabase, error: unknown): AppError {
  if (isAppError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/locked|busy/i.test(message))
    return appError(
      'timeout',
      `${database.path} is in use by another program.`,
      'It is read the next time.',
      {
        transient: true,
      },
    );
  return notUnderstood(database, message.slice(0, 200));
}

/** The error for a database of another format. @param why in a few words */
export function notUnderstood({ path, agent }: Omit<AgentDatabase, 'needed'>, why: string): AppError {
  return appError(
    'corrupt',
    `not understood: ${path} is no database of ${agent} that this version knows (${why}).`,
    'Look for a newer version of Session Log: session-log doctor.',
  );
}
