import { entryFacts } from '../../../shared/domain/entry-facts.ts';
import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { partId } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { joinId, sessionOf } from '../../../shared/domain/session-parts.ts';
import { DamagedIndex } from './index-faults.ts';
import { machineSql, PLACES } from './index-schema.ts';
import type { Machine } from './shard-table.ts';
import { checkEntry } from './stored-entry.ts';

/** The input of {@link readRow} for a row `l` and the joined {@link ROW_JOINS}: the entry is embedded as is, because it is JSON. */
export const ROW_SQL = `'[' || ${machineSql('l.id')} || ',' || json_quote(l.path) || ',' || json_quote(l.part) || ',' ||
  l.here || ',' || json_quote(copy.sha256) || ',' || ifnull(l.joined, 'null') || ',' || l.entry || ']' as row`;
export const ROW_JOINS = `
  join shards shard on shard.no = l.machine
  left join copies copy on l.here = 1 and copy.machine = shard.machine and copy.path = l.path`;

/** What the copies of a session know of each other, as stored in the column `joined`. */
export interface Joined {
  /** Differences from the row's own entry. */
  readonly facts: Partial<LogRow>;
  /** Only for the shown row: values over all copies. */
  readonly shown?: Pick<LogRow, 'place' | 'commit' | 'backedUp' | 'stale'>;
}

/** How to read a row: its own entry only, as one of several copies, or as the session shown in lists. */
export type ReadAs = 'itself' | 'copy' | 'session';

/** Parses one row of the list from {@link ROW_SQL}. */
export function readRow(row: unknown, machines: readonly Machine[], as: ReadAs): LogRow {
  const [no, path, part, here, copy, joined, value] = row as [
    number,
    LogPath,
    string | null,
    number,
    string | null,
    Joined | null,
    unknown,
  ];
  const machine = machines.find((candidate) => candidate.no === no);
  if (!machine) throw new DamagedIndex('a log belongs to no machine');
  const itself = ownRow(machine, { path, part, place: PLACES[here] ?? 'store', copy }, value);
  if (as === 'itself' || joined === null) return itself;
  return { ...itself, ...joined.facts, ...(as === 'session' ? joined.shown : null) };
}

interface RowColumns extends Pick<LogRow, 'place'> {
  readonly path: LogPath;
  readonly part: string | null;
  /** Digest of the log when it was pulled; null while it is not cached. */
  readonly copy: string | null;
}

function ownRow(machine: Machine, { path, part, place, copy }: RowColumns, value: unknown): LogRow {
  const entry = checkEntry(value);
  const name = parseLogName(path);
  return {
    id: partId(logId(machine.machine, path), part),
    machine: machine.machine,
    host: machine.host,
    path,
    kind: part === null ? name.kind : 'session',
    topic: part === null ? name.topic : null,
    ...entryFacts(entry, name),
    date: entry.date,
    mtime: entry.mtime,
    size: entry.size,
    sha256: entry.sha256,
    title: entry.title,
    author: entry.author,
    sessions: entry.sessions,
    notes: 'noted' in entry ? entry.noted : entry.notes.length,
    session: part === null ? sessionOf(entry) : joinId(part),
    time: entry.time ?? null,
    dateGuessed: entry.dateFrom === 'file',
    tags: entry.tags ?? [],
    copies: 0,
    place,
    // Only what this machine itself has recorded is trusted.
    commit: place === 'git' ? (entry.commit ?? null) : null,
    backedUp: entry.stored.generation !== '',
    stale: place === 'cached' && copy !== entry.sha256,
  };
}
