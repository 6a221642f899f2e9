import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { DamagedIndex } from './index-faults.ts';
import { machineSql } from './index-schema.ts';
import type { Machine } from './shard-table.ts';
import type { SqlRow } from './sqlite-connection.ts';
import { parseEntry } from './stored-entry.ts';

/** What {@link readRow} takes, of a row `l` and the joined {@link ROW_JOINS}. */
export const ROW_COLUMNS = `${machineSql('l.id')}, l.path, l.entry, copy.sha256`;
export const ROW_JOINS = `
  join shards shard on shard.no = l.machine
  left join copies copy on l.cached and copy.machine = shard.machine and copy.path = l.path`;

/** One line of the list from {@link ROW_COLUMNS}. */
export function readRow([no, path, json, copy]: SqlRow, machines: readonly Machine[]): LogRow {
  const machine = machines.find((candidate) => candidate.no === no);
  if (!machine) throw new DamagedIndex('a log belongs to no machine');
  const entry = parseEntry(String(json));
  const name = parseLogName(String(path));
  const place = machine.own ? 'local' : typeof copy === 'string' ? 'cached' : 'store';
  return {
    id: logId(machine.machine, path as LogPath),
    machine: machine.machine,
    host: machine.host,
    path: path as LogPath,
    kind: name.kind,
    user: name.user,
    topic: name.topic,
    project: name.project,
    client: name.client,
    date: entry.date,
    mtime: entry.mtime,
    size: entry.size,
    sha256: entry.sha256,
    title: entry.title,
    author: entry.author,
    sessions: entry.sessions,
    notes: entry.notes.length,
    place,
    backedUp: entry.stored.generation !== '',
    stale: place === 'cached' && copy !== entry.sha256,
  };
}
