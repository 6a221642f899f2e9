import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SqliteConnection } from '../../sqlite/sqlite-connection.ts';
import {
  columnsOf,
  goneFrom,
  withDatabase,
  withinDatabase,
  type AgentDatabase,
} from '../reading/database.ts';
import type { DatabaseEntries, DatabaseReader } from '../reading/database-sessions.ts';
import { fields, list, number, parsed, text, time } from '../reading/values.ts';

/** The database of Cursor's editor: all its conversations (called composers), one row per message. */
export const CURSOR: DatabaseReader = { list: listComposers, export: exportComposer };

const MOST_SESSIONS = 100_000;
/** For larger databases the sizes of sessions are not summed up. */
const ADDED_UP = 512 << 20;
/** Larger rows are not exported, only their size. */
const LARGEST_ROW = 32 << 20;

function databaseAt(path: string): AgentDatabase {
  return { path, agent: 'Cursor', needed: { cursorDiskKV: ['key', 'value'] } };
}

/** A conversation's message rows. @param id an SQL expression */
const messagesOf = (id: string): string =>
  `cursorDiskKV b where b.key >= 'bubbleId:' || ${id} || ':' and b.key < 'bubbleId:' || ${id} || ';'`;

/** Where a conversation's header and document name its parent. */
const PARENT = '$.subagentInfo.parentComposerId';
const JSON_OF_VALUE = "case when json_valid(cast(value as text)) then cast(value as text) else '{}' end";

function listComposers(path: string): DatabaseEntries {
  return withDatabase(databaseAt(path), (db) => {
    const size = statSync(path).size > ADDED_UP ? 'count(*)' : 'coalesce(sum(octet_length(b.value)), 0)';
    // Versions before the table of headers have only each conversation's document.
    const heads = columnsOf(db, 'composerHeaders').has('lastUpdatedAt')
      ? `select composerId as id, lastUpdatedAt as changed, isSubagent as child, doc ->> '${PARENT}' as parent from
           (select composerId, lastUpdatedAt, isSubagent, ${JSON_OF_VALUE} as doc from composerHeaders)`
      : `select substr(key, 14) as id, coalesce(doc ->> 'lastUpdatedAt', doc ->> 'createdAt') as changed, 0 as child,
           doc ->> '${PARENT}' as parent from
           (select key, ${JSON_OF_VALUE} as doc from cursorDiskKV where key >= 'composerData:' and key < 'composerData;')`;
    const rows = db.rows(
      `select json_object('id', id, 'changed', changed, 'child', child, 'parent', parent, 'size', (select ${size} from ${messagesOf('h.id')})) as row
         from (${heads}) h where exists (select 1 from ${messagesOf('h.id')}) limit ${MOST_SESSIONS}`,
    );
    const sessions = rows.map(fields).flatMap((row) => {
      const id = text(row['id']);
      if (id === null) return [];
      const parent = text(row['parent']) ?? (row['child'] === 1 ? 'unknown' : null);
      return [{ id, parent, changedAt: time(row['changed']) ?? 0, size: number(row['size']) ?? 0 }];
    });
    return { sessions };
  });
}

/** Exports a conversation as one object: its header and document unchanged, its folder, its messages in order. @throws AppError */
function exportComposer(path: string, id: string): Generator<Buffer> {
  return withinDatabase(databaseAt(path), function* (db) {
    const document = valueOf(db, `composerData:${id}`);
    const head = headOf(db, id);
    const found = db.rows(`select json_quote(b.key) as row from ${messagesOf('?1')} order by b.rowid`, id);
    const keys = found.filter((key) => typeof key === 'string');
    if (document === null && keys.length === 0) throw goneFrom({ path }, id);
    const said = list(fields(parsed(document))['fullConversationHeadersOnly']).map(
      (one) => `bubbleId:${id}:${text(fields(one)['bubbleId']) ?? ''}`,
    );
    const there = new Set(keys);
    const order = new Set([...said.filter((key) => there.has(key)), ...keys]);
    const folder = folderOf(path, text(head['workspaceId']));
    yield Buffer.from(
      `{"id":${JSON.stringify(id)},"folder":${JSON.stringify(folder)},"head":${json(text(head['value']))},"composer":${json(document)},"bubbles":[`,
    );
    let isFirst = true;
    for (const key of order) {
      yield Buffer.from(`${isFirst ? '' : ','}\n${json(valueOf(db, key))}`);
      isFirst = false;
    }
    yield Buffer.from('\n]}\n');
  });
}

/** A value as it was written; only its size if it is too large. */
function valueOf(db: SqliteConnection, key: string): string | null {
  const bytes = db.number('select octet_length(value) from cursorDiskKV where key = ?', key);
  if (bytes > LARGEST_ROW) return JSON.stringify({ leftOut: bytes });
  return bytes === 0 ? null : db.text('select cast(value as blob) from cursorDiskKV where key = ?', key);
}

/** @param value expected to be JSON, embedded in the export as is */
function json(value: string | null): string {
  return value !== null && parsed(value) !== null ? value : 'null';
}

function headOf(db: SqliteConnection, id: string): Readonly<Record<string, unknown>> {
  if (!columnsOf(db, 'composerHeaders').has('workspaceId')) return {};
  const query =
    "select json_object('workspaceId', workspaceId, 'value', cast(value as text)) as row from composerHeaders where composerId = ?";
  return fields(db.rows(query, id)[0]);
}

const WORKSPACE_BYTES = 64 * 1024;

/** The folder open in an editor window, from a file beside the database. */
function folderOf(path: string, workspace: string | null): string | null {
  if (workspace === null || !/^[0-9a-f]{32}$/.test(workspace)) return null;
  const file = join(dirname(dirname(path)), 'workspaceStorage', workspace, 'workspace.json');
  try {
    if (statSync(file).size > WORKSPACE_BYTES) return null;
    const { folder } = fields(parsed(readFileSync(file, 'utf8')));
    const url = new URL(text(folder) ?? '');
    const place = decodeURIComponent(url.pathname);
    return url.protocol === 'file:' ? place.replace(/^\/([A-Za-z]:\/)/, '$1') : null;
  } catch {
    return null;
  }
}
