import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { entryFacts } from '../../../shared/domain/entry-facts.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { DamagedIndex } from './index-faults.ts';
import { machineSql } from './index-schema.ts';
import type { Machine } from './shard-table.ts';
import { checkEntry } from './stored-entry.ts';

/** What {@link readRow} takes, of a row `l` and the joined {@link ROW_JOINS}: the entry is glued in as it is, for it is JSON. */
export const ROW_SQL = `'[' || ${machineSql('l.id')} || ',' || json_quote(l.path) || ',' || json_quote(copy.sha256) || ',' || l.entry || ']' as row`;
export const ROW_JOINS = `
  join shards shard on shard.no = l.machine
  left join copies copy on l.cached and copy.machine = shard.machine and copy.path = l.path`;

/** One line of the list from {@link ROW_SQL}. */
export function readRow(row: unknown, machines: readonly Machine[]): LogRow {
  const [no, path, copy, value] = row as [number, LogPath, string | null, unknown];
  const machine = machines.find((candidate) => candidate.no === no);
  if (!machine) throw new DamagedIndex('a log belongs to no machine');
  const entry = checkEntry(value);
  const name = parseLogName(path);
  const place = machine.own ? 'local' : copy !== null ? 'cached' : 'store';
  return {
    id: logId(machine.machine, path),
    machine: machine.machine,
    host: machine.host,
    path,
    kind: name.kind,
    topic: name.topic,
    ...entryFacts(entry, name),
    date: entry.date,
    mtime: entry.mtime,
    size: entry.size,
    sha256: entry.sha256,
    title: entry.title,
    author: entry.author,
    sessions: entry.sessions,
    notes: entry.notes.length,
    session: entry.session ?? null,
    time: entry.time ?? null,
    dateGuessed: entry.dateFrom === 'file',
    tags: entry.tags ?? [],
    copies: 0,
    place,
    backedUp: entry.stored.generation !== '',
    stale: place === 'cached' && copy !== entry.sha256,
  };
}
