import { statSync } from 'node:fs';
import type { SqliteConnection } from '../../sqlite/sqlite-connection.ts';
import {
  columnsOf,
  goneFrom,
  withDatabase,
  withinDatabase,
  type AgentDatabase,
} from '../reading/database.ts';
import type { DatabaseEntries, DatabaseReader, SessionEntry } from '../reading/database-sessions.ts';
import { fields, number, parsed, text, type Fields } from '../reading/values.ts';

const MOST_SESSIONS = 100_000;
/** Of larger databases the bytes of sessions are not added up. */
const ADDED_UP = 512 << 20;
/** Larger rows stay where they are; their size is exported. */
const LARGEST_ROW = 32 << 20;

const NEEDED: AgentDatabase['needed'] = {
  session: ['id', 'parent_id', 'directory', 'title', 'version', 'time_created', 'time_updated'],
  message: ['id', 'session_id', 'time_created', 'time_updated', 'data'],
  part: ['id', 'message_id', 'session_id', 'data'],
};

/** The database of opencode. */
export const OPENCODE: DatabaseReader = { list: listSessions, export: exportSession };

function databaseAt(path: string): AgentDatabase {
  return { path, agent: 'opencode', needed: NEEDED };
}

function listSessions(path: string): DatabaseEntries {
  return withDatabase(databaseAt(path), (db) => {
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
function exportSession(path: string, id: string): Generator<Buffer> {
  return withinDatabase(databaseAt(path), function* (db) {
    const [info] = db.rows(
      `select json_object('id', id, 'parentID', parent_id, 'directory', directory, 'title', title, 'version', version,
         'time', json_object('created', time_created, 'updated', time_updated)) as row from session where id = ?`,
      id,
    );
    if (info === undefined) throw goneFrom({ path }, id);
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
  });
}

/** A row's JSON with the ids that stand in columns of their own. */
function rowOf(db: SqliteConnection, table: 'message' | 'part', id: string, ids: Fields): string {
  const bytes = db.number(`select octet_length(data) from ${table} where id = ?`, id);
  if (bytes > LARGEST_ROW) return JSON.stringify({ type: 'left-out', bytes, ...ids });
  const data = parsed(db.text(`select cast(data as blob) from ${table} where id = ?`, id));
  return JSON.stringify(data === null ? { type: 'torn', ...ids } : { ...fields(data), ...ids });
}
