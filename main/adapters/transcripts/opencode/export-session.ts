import { statSync } from 'node:fs';
import type { SqliteConnection } from '../../sqlite/sqlite-connection.ts';
import {
  columnsOf,
  goneFrom,
  missingColumns,
  notUnderstood,
  withDatabase,
  withinDatabase,
  type AgentDatabase,
} from '../reading/database.ts';
import type { DatabaseEntries, DatabaseReader, SessionEntry } from '../reading/database-sessions.ts';
import { fields, number, parsed, text, type Fields } from '../reading/values.ts';
import { SECOND_FORM } from './export-storage.ts';

const MOST_SESSIONS = 100_000;
/** For larger databases the sizes of sessions are not summed up. */
const ADDED_UP = 512 << 20;
/** Larger rows are not exported, only their size. */
const LARGEST_ROW = 32 << 20;

/** Tables of versions before 2: messages and their parts. */
const PARTS: AgentDatabase['needed'] = {
  session: ['id', 'parent_id', 'directory', 'title', 'version', 'time_created', 'time_updated'],
  message: ['id', 'session_id', 'time_created', 'time_updated', 'data'],
  part: ['id', 'message_id', 'session_id', 'data'],
};
/** Tables of version 2; the older ones beside them are no longer written. */
const MESSAGES: AgentDatabase['needed'] = {
  session_v2: ['id', 'parent_id', 'directory', 'title', 'version', 'time_created', 'time_updated'],
  session_message: ['id', 'session_id', 'type', 'seq', 'time_updated', 'data'],
};
/** The database of opencode. */
export const OPENCODE: DatabaseReader = { list: listSessions, export: exportSession };

function databaseAt(path: string): AgentDatabase {
  return { path, agent: 'opencode', needed: {} };
}

function listSessions(path: string): DatabaseEntries {
  return withDatabase(databaseAt(path), (db) => {
    const [first, second] = [missingColumns(db, PARTS), missingColumns(db, MESSAGES)];
    if (first !== null && second !== null) throw notUnderstood(databaseAt(path), first);
    const isLarge = statSync(path).size > ADDED_UP;
    const now = second === null ? entriesOf(db, 'session_v2', 'session_message', secondSize(isLarge)) : [];
    // Migrated sessions continue in the new tables.
    const moved = new Set(now.map(({ id }) => id));
    const before = first === null ? entriesOf(db, 'session', 'message', firstSize(isLarge)) : [];
    return {
      sessions: [
        ...now.map((one) => ({ ...one, form: SECOND_FORM })),
        ...before.filter(({ id }) => !moved.has(id)),
      ],
      notUnderstood: second === null ? 0 : laterSessions(db, new Set(before.map(({ id }) => id))),
    };
  });
}

/** Sessions of newer tables in a future format that are not in the old ones as well. */
function laterSessions(db: SqliteConnection, known: ReadonlySet<string>): number {
  if (!columnsOf(db, 'session_v2').has('id')) return 0;
  const ids = db.rows(`select json_quote(id) as row from session_v2 limit ${MOST_SESSIONS}`);
  return ids.filter((id) => typeof id !== 'string' || !known.has(id)).length;
}

function firstSize(isLarge: boolean): string {
  return isLarge
    ? 'select count(*) from message m where m.session_id = s.id'
    : `select coalesce(sum(octet_length(data)), 0) from
       (select data from message where session_id = s.id union all select data from part where session_id = s.id)`;
}

function secondSize(isLarge: boolean): string {
  const what = isLarge ? 'count(*)' : 'coalesce(sum(octet_length(data)), 0)';
  return `select ${what} from session_message where session_id = s.id`;
}

/** @param size a query for the size in bytes of the session `s` */
function entriesOf(
  db: SqliteConnection,
  sessions: 'session' | 'session_v2',
  messages: 'message' | 'session_message',
  size: string,
): readonly SessionEntry[] {
  const rows = db.rows(
    `select json_object('id', id, 'parent', parent_id, 'size', (${size}), 'changed', max(time_updated,
       coalesce((select max(m.time_updated) from ${messages} m where m.session_id = s.id), 0))) as row
     from ${sessions} s order by time_updated desc limit ${MOST_SESSIONS}`,
  );
  return rows.map(fields).flatMap((row): SessionEntry[] => {
    const id = text(row['id']);
    if (id === null) return [];
    const [bytes, changedAt] = [number(row['size']) ?? 0, number(row['changed']) ?? 0];
    return [{ id, parent: text(row['parent']), changedAt, size: bytes }];
  });
}

/**
 * Exports a session in the version's own export format: `{info, messages: [{info, parts}]}`, since version 2 `{info, messages}` with whole
 * messages. Concurrent changes may or may not be included.
 * @throws AppError
 */
function exportSession(path: string, id: string): Generator<Buffer> {
  return withinDatabase(databaseAt(path), function* (db) {
    const isSecond = missingColumns(db, MESSAGES) === null && hasSession(db, 'session_v2', id);
    yield* isSecond ? exportMessages(db, id) : exportParts(db, path, id);
  });
}

function hasSession(db: SqliteConnection, table: 'session_v2', id: string): boolean {
  return db.number(`select count(*) from ${table} where id = ?`, id) > 0;
}

function* exportParts(db: SqliteConnection, path: string, id: string): Generator<Buffer> {
  const missing = missingColumns(db, PARTS);
  if (missing !== null) throw notUnderstood(databaseAt(path), missing);
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
}

/** Columns of a session that its export has under another name, or inside another field. */
const INFO: readonly (readonly [column: string, ...path: readonly string[]])[] = [
  ['id', 'id'],
  ['parent_id', 'parentID'],
  ['fork_session_id', 'forkSessionID'],
  ['project_id', 'projectID'],
  ['agent', 'agent'],
  ['cost', 'cost'],
  ['title', 'title'],
  ['version', 'version'],
  ['path', 'subpath'],
  ['directory', 'location', 'directory'],
  ['tokens_input', 'tokens', 'input'],
  ['tokens_output', 'tokens', 'output'],
  ['tokens_reasoning', 'tokens', 'reasoning'],
  ['tokens_cache_read', 'tokens', 'cache', 'read'],
  ['tokens_cache_write', 'tokens', 'cache', 'write'],
  ['time_created', 'time', 'created'],
  ['time_updated', 'time', 'updated'],
  ['time_archived', 'time', 'archived'],
];

function* exportMessages(db: SqliteConnection, id: string): Generator<Buffer> {
  yield Buffer.from(`{"info":${JSON.stringify(infoOf(db, id))},"messages":[`);
  const messages = db.rows(
    `select json_object('id', id, 'type', type) as row from
       (select id, type from session_message where session_id = ? order by seq)`,
    id,
  );
  for (const [index, message] of messages.map(fields).entries()) {
    const own = text(message['id']) ?? '';
    const row = rowOf(db, 'session_message', own, { id: own, type: message['type'] });
    yield Buffer.from(`${index === 0 ? '' : ','}\n${row}`);
  }
  yield Buffer.from('\n]}\n');
}

function infoOf(db: SqliteConnection, id: string): Fields {
  const there = columnsOf(db, 'session_v2');
  const columns = [...INFO.map(([column]) => column), 'model'].filter((column) => there.has(column));
  const asked = columns.map((column) => `'${column}', ${column}`).join(', ');
  const [row] = db.rows(`select json_object(${asked}) as row from session_v2 where id = ?`, id);
  const info: Record<string, unknown> = {};
  for (const [column, ...path] of INFO) {
    const value = fields(row)[column];
    // Missing values are omitted, as in opencode.
    if (value === null || value === undefined) continue;
    const names = path.slice(0, -1);
    const inner = names.reduce((into, name) => (into[name] ??= {}) as Record<string, unknown>, info);
    inner[path.at(-1) ?? column] = value;
  }
  const model = parsed(fields(row)['model']);
  return model === null ? info : { ...info, model };
}

/** A row's JSON with the values of separate columns. */
function rowOf(
  db: SqliteConnection,
  table: 'message' | 'part' | 'session_message',
  id: string,
  own: Fields,
): string {
  const bytes = db.number(`select octet_length(data) from ${table} where id = ?`, id);
  if (bytes > LARGEST_ROW) return JSON.stringify({ ...own, type: 'left-out', bytes });
  const data = parsed(db.text(`select cast(data as blob) from ${table} where id = ?`, id));
  return JSON.stringify(data === null ? { type: 'torn', ...own } : { ...fields(data), ...own });
}
