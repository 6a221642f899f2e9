import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { appError, isAppError, type AppError } from '../../../../shared/app-error.ts';
import { openConnection, type SqliteConnection } from '../../sqlite/sqlite-connection.ts';
import { fields, number, parsed, text, type Fields } from '../reading/values.ts';

/** A session as its row says. */
export interface SessionEntry {
  readonly id: string;
  readonly parent: string | null;
  /** Epoch milliseconds of the last change of it or of one of its messages. */
  readonly changedAt: number;
  /** Bytes of its messages and their parts; only their count where adding them up takes too long. */
  readonly size: number;
}

/** What a database holds: its sessions, and of those in tables that nobody here knows their number. */
export interface DatabaseEntries {
  readonly sessions: readonly SessionEntry[];
  readonly notUnderstood: number;
}

/** How long to wait for a program that has the database to itself. */
const BUSY_MS = 1_000;
const MOST_SESSIONS = 100_000;
/** Of larger databases the bytes of sessions are not added up. */
const ADDED_UP = 512 << 20;
/** Larger rows stay where they are; their size is exported. */
const LARGEST_ROW = 32 << 20;

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  session: ['id', 'parent_id', 'directory', 'title', 'version', 'time_created', 'time_updated'],
  message: ['id', 'session_id', 'time_created', 'time_updated', 'data'],
  part: ['id', 'message_id', 'session_id', 'data'],
};

/**
 * Lists the sessions of a database of opencode, without changing it.
 * @throws AppError `corrupt` for one that is not understood, `timeout` for one in use, `not-found`, `io`
 */
export function listSessions(path: string): DatabaseEntries {
  return within(path, (db) => {
    const size =
      statSync(path).size > ADDED_UP
        ? 'select count(*) from message m where m.session_id = s.id'
        : `select coalesce(sum(octet_length(data)), 0) from
           (select data from message where session_id = s.id union all select data from part where session_id = s.id)`;
    const rows = db.rows(
      `select json_object('id', id, 'parent', parent_id, 'size', (${size}), 'changed', max(time_updated,
         coalesce((select max(m.time_updated) from message m where m.session_id = s.id), 0))) as row
       from session s order by time_updated desc limit ${MOST_SESSIONS}`,
    );
    const sessions = rows.map(fields).flatMap((row): SessionEntry[] => {
      const id = text(row['id']);
      if (id === null) return [];
      const [size, changedAt] = [number(row['size']) ?? 0, number(row['changed']) ?? 0];
      return [{ id, parent: text(row['parent']), changedAt, size }];
    });
    return { sessions, notUnderstood: laterSessions(db, new Set(sessions.map(({ id }) => id))) };
  });
}

/** Sessions of the tables that came after, which are not in the old ones as well. */
function laterSessions(db: SqliteConnection, known: ReadonlySet<string>): number {
  if (!columnsOf(db, 'session_v2').has('id')) return 0;
  const ids = db.rows(`select json_quote(id) as row from session_v2 limit ${MOST_SESSIONS}`);
  return ids.filter((id) => typeof id !== 'string' || !known.has(id)).length;
}

/**
 * A session in the form of `opencode export`: `{info, messages: [{info, parts}]}`. What changes meanwhile may be in it or not.
 * @throws AppError
 */
export function* exportSession(path: string, id: string): Generator<Buffer> {
  const db = opened(path);
  try {
    const [info] = db.rows(
      `select json_object('id', id, 'parentID', parent_id, 'directory', directory, 'title', title, 'version', version,
         'time', json_object('created', time_created, 'updated', time_updated)) as row from session where id = ?`,
      id,
    );
    if (info === undefined) throw gone(path, id);
    yield Buffer.from(`{"info":${JSON.stringify(info)},"messages":[`);
    const messages = db.rows(
      'select json_quote(id) as row from (select id from message where session_id = ? order by time_created, id)',
      id,
    );
    for (const [index, message] of messages.entries()) {
      const own = String(message);
      const head = rowOf(db, 'message', own, { id: own, sessionID: id });
      yield Buffer.from(`${index === 0 ? '' : ','}\n{"info":${head},"parts":[`);
      const parts = db.rows(
        'select json_quote(id) as row from (select id from part where message_id = ? order by id)',
        own,
      );
      for (const [at, part] of parts.entries()) {
        const ids = { id: String(part), messageID: own, sessionID: id };
        yield Buffer.from(`${at === 0 ? '' : ','}${rowOf(db, 'part', ids.id, ids)}`);
      }
      yield Buffer.from(']}');
    }
    yield Buffer.from('\n]}\n');
  } catch (error) {
    throw failure(path, error);
  } finally {
    db.close();
  }
}

/** A row's JSON with the ids that stand in columns of their own. */
function rowOf(db: SqliteConnection, table: 'message' | 'part', id: string, ids: Fields): string {
  const bytes = db.number(`select octet_length(data) from ${table} where id = ?`, id);
  if (bytes > LARGEST_ROW) return JSON.stringify({ type: 'left-out', bytes, ...ids });
  const data = parsed(db.text(`select cast(data as blob) from ${table} where id = ?`, id));
  return JSON.stringify(data === null ? { type: 'torn', ...ids } : { ...fields(data), ...ids });
}

function within<T>(path: string, work: (db: SqliteConnection) => T): T {
  const db = opened(path);
  try {
    return work(db);
  } catch (error) {
    throw failure(path, error);
  } finally {
    db.close();
  }
}

/** Opens it so that nothing is written: while opencode runs beside it, else as a file that nobody changes. */
function opened(path: string): SqliteConnection {
  if (!existsSync(path)) throw gone(path, 'The database');
  // Without a journal SQLite would make one to read, and there is nothing in it to be missed.
  const isAtRest = ['-wal', '-journal'].every(
    (side) => (statSync(`${path}${side}`, { throwIfNoEntry: false })?.size ?? 0) === 0,
  );
  const how = isAtRest ? 'immutable=1' : 'mode=ro';
  try {
    const db = openConnection(`${pathToFileURL(path).href}?${how}`, BUSY_MS);
    for (const [table, names] of Object.entries(NEEDED)) {
      const columns = columnsOf(db, table);
      const missing = names.filter((name) => !columns.has(name));
      if (missing.length === 0) continue;
      db.close();
      throw notUnderstood(path, `${table} has no ${missing.join(', ')}`);
    }
    return db;
  } catch (error) {
    throw failure(path, error);
  }
}

function columnsOf(db: SqliteConnection, table: string): ReadonlySet<unknown> {
  return new Set(db.rows('select json_quote(name) as row from pragma_table_info(?)', table));
}

function failure(path: string, error: unknown): AppError {
  if (isAppError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/locked|busy/i.test(message))
    return appError('timeout', `${path} is in use by another program.`, 'It is read the next time.', {
      transient: true,
    });
  return notUnderstood(path, message.slice(0, 200));
}

function notUnderstood(path: string, why: string): AppError {
  return appError(
    'corrupt',
    `not understood: ${path} is no database of opencode that this version knows (${why}).`,
    'Look for a newer version of Session Log: session-log doctor.',
  );
}

function gone(path: string, what: string): AppError {
  return appError(
    'not-found',
    `${what} is gone from ${path}.`,
    'See which sessions there are: session-log sessions.',
  );
}
