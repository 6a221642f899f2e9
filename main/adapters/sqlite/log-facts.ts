import { logId, type LogId, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { NoteEntry } from '../../../shared/domain/log-entry.ts';
import type { FilterValue, LogFacets, LogQuery, LogRow, NoteRow } from '../../../shared/domain/log-query.ts';
import { AGENTS } from '../../../shared/transcripts/agents.ts';
import { byFullness } from '../../../shared/domain/session-copies.ts';
import { addTo } from '../../../shared/group-by.ts';
import { DamagedIndex } from './index-faults.ts';
import {
  CACHED,
  FACETS,
  GIT,
  idAtSql,
  LOCAL,
  ofMachineSql,
  PLACES,
  placeSql,
  SHOWN_SQL,
  STORE,
  WORKSPACE,
  PATH_SQL,
} from './index-schema.ts';
import type { LateIndex } from './late-indexes.ts';
import { capturedSql, matching } from './log-filter.ts';
import type { IndexState } from './log-groups.ts';
import { readRow, ROW_JOINS, ROW_SQL } from './log-rows.ts';
import type { PackedDays } from './packed-days.ts';
import { readReceipts } from './shard-table.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** Returns one row by id; null when there is none. */
export function findRow(state: IndexState, id: LogId): LogRow | null {
  const at = findPlace(state, id);
  if (at === null) return null;
  const [value] = state.db.rows(
    `select ${ROW_SQL} from logs l ${ROW_JOINS} where l.id = ${idAtSql('?1', '?2')}`,
    at.no,
    at.place,
  );
  return readRow(value, state.machines, 'session');
}

/** Returns all copies of a row's session, fullest and nearest first; only the row when it has none. */
export function findCopies(state: IndexState, id: LogId): readonly LogRow[] {
  const at = findPlace(state, id);
  if (at === null) return [];
  const [value] = state.db.rows(
    `select ${ROW_SQL} from logs l ${ROW_JOINS} where l.id = ${idAtSql('?1', '?2')}`,
    at.no,
    at.place,
  );
  const row = readRow(value, state.machines, 'copy');
  if (row.copies === 0) return [row];
  const copies = state.db.rows(
    `select ${ROW_SQL} from logs me cross join logs l indexed by by_session ${ROW_JOINS}
       where me.id = ${idAtSql('?1', '?2')} and l.session = me.session and l.leader = me.leader`,
    at.no,
    at.place,
  );
  const found = copies.map((value) => {
    const copy = readRow(value, state.machines, 'copy');
    return { row: copy, workspace: false, part: copy.id !== logId(copy.machine, copy.path) };
  });
  return byFullness(found).map((copy) => copy.row);
}

interface RowPlace {
  readonly no: number;
  readonly place: number;
}

/** Finds the row of an id: a log of that name takes precedence over a session inside another. */
function findPlace({ db, machines }: IndexState, id: LogId): RowPlace | null {
  const cut = id.indexOf('/');
  const no = machines.find((candidate) => candidate.machine === id.slice(0, cut))?.no;
  if (no === undefined) return null;
  const name = id.slice(cut + 1);
  const hash = name.lastIndexOf('#');
  const select = `select ${placeSql('id')} from logs where ${PATH_SQL} and part`;
  const place =
    db.first(`${select} is null`, no, name)?.[0] ??
    (hash === -1 ? null : db.first(`${select} = ?3`, no, name.slice(0, hash), name.slice(hash + 1))?.[0]);
  return typeof place === 'number' ? { no, place } : null;
}

/** Returns the entries of a machine as one JSON list, sorted by path (by code point). @param paths null for all */
export function entriesJson(
  db: SqliteConnection,
  machine: MachineUuid,
  paths: readonly LogPath[] | null,
): string {
  const no = db.number('select no from shards where machine = ?', machine);
  const asked = [no, ...(paths === null ? [] : [JSON.stringify(paths)])];
  const where =
    paths === null
      ? ofMachineSql('id', '?1')
      : `machine = ?1 and path in (select value from json_each(?2)) and ${ofMachineSql('id', '?1')}`;
  // The list is parsed by the caller, who could not repair a damaged one.
  const invalid = db.number(
    `select count(*) from logs where ${where} and part is null and not json_valid(entry)`,
    ...asked,
  );
  if (invalid > 0) throw new DamagedIndex('an entry cannot be read');
  const entries = db.text(
    `select cast(group_concat('{"path":' || json_quote(path) || ',' || substr(entry, 2)) as blob)
       from (select path, entry from logs where ${where} and part is null order by path)`,
    ...asked,
  );
  return `[${entries}]`;
}

/** Counts rows per machine and day; {@link unpackDays} reads them. */
export function packedDays(
  { db, machines, indexes }: IndexState,
  query: Pick<LogQuery, 'machines' | 'from' | 'to'>,
): PackedDays {
  const found = matching(query, machines, indexes);
  const counts = db.text(
    `select cast(group_concat(day || ',' || machine || ',' || logs) as blob) from
       (select day, machine, logs from days where day between ? and ? and logs > 0 order by day, machine)`,
    found.first,
    found.last,
  );
  if (!/^[\d,]*$/.test(counts)) throw new DamagedIndex('a count cannot be read');
  return { machines: found.machines.map(({ no, machine }) => [no, machine]), counts: `[${counts}]` };
}

/** Returns the notes in all shards, newest first, with their readers. */
export function readNotes({ db, machines }: IndexState): readonly NoteRow[] {
  const receipts = new Map<string, NoteRow['receipts'][number][]>();
  for (const { note, reader, at, state, machine, host } of readReceipts(db))
    addTo(receipts, note, { reader, at, state, machine, host });
  const byNo = new Map(machines.map((machine) => [machine.no, machine]));
  const found: { readonly row: NoteRow; readonly mtime: number }[] = [];
  for (const [no, path, mtime, notes] of db.rows(
    `select json_array(machine, path, entry ->> 'mtime', json(entry -> 'notes')) as row from logs indexed by by_notes where notes is not null`,
  ) as [number, LogPath, number, readonly NoteEntry[]][]) {
    const machine = byNo.get(no);
    if (!machine || !Array.isArray(notes)) throw new DamagedIndex('a note belongs to no machine');
    // They arrive through git.
    if (machine.workspace) continue;
    // Field by field: there are thousands, and copying parsed JSON objects takes three times as long.
    for (const { hash, to, from, date, line, text, truncated } of notes)
      found.push({
        mtime,
        row: {
          hash,
          to,
          from,
          date,
          line,
          text,
          truncated,
          machine: machine.machine,
          host: machine.host,
          path,
          receipts: receipts.get(hash) ?? [],
        },
      });
  }
  return found
    .sort((a, b) => byAge(a.row, b.row) || b.mtime - a.mtime || a.row.line - b.row.line)
    .map(({ row }) => row);
}

/** Returns what sessions can be filtered by, with counts. */
export function readFacets({ db, logs, indexes }: IndexState): LogFacets {
  const found = db.rows(
    'select json_array(facet, value, sum(logs)) as row from facets group by facet, value',
  ) as [number, string, number][];
  const valuesOf = (facet: (typeof FACETS)[number]): readonly FilterValue[] => {
    const code = FACETS.indexOf(facet);
    const values = found.flatMap(([other, value, count]) => (other === code ? [{ value, logs: count }] : []));
    const key = new Map(values.map(({ value }) => [value, value.toLowerCase()]));
    return values.sort((a, b) => ((key.get(a.value) ?? '') < (key.get(b.value) ?? '') ? -1 : 1));
  };
  const captured = countCaptured(db, indexes);
  return {
    users: valuesOf('user'),
    projects: valuesOf('project'),
    clients: valuesOf('client'),
    places: countPlaces(db, indexes),
    captured,
    written: logs - captured,
  };
}

function countPlaces(db: SqliteConnection, indexes: ReadonlySet<LateIndex>): LogFacets['places'] {
  const counts = PLACES.map(() => 0);
  // By both, as the index is sorted: nothing is sorted here.
  for (const [place, count] of db.all(
    `select place, count(*) from logs ${indexes.has('by_kind') ? 'indexed by by_kind' : ''} where ${SHOWN_SQL} group by kind, place`,
  ))
    counts[Number(place)] = (counts[Number(place)] ?? 0) + Number(count);
  const of = (place: number): number => counts[place] ?? 0;
  return { store: of(STORE), cached: of(CACHED), local: of(LOCAL), workspace: of(WORKSPACE), git: of(GIT) };
}

/** By ranges of the index on paths, or by looking at every row until that index exists. */
function countCaptured(db: SqliteConnection, indexes: ReadonlySet<LateIndex>): number {
  if (!indexes.has('by_path')) {
    const { text, values } = capturedSql(true);
    return db.number(`select count(*) from logs where ${SHOWN_SQL} and ${text}`, ...values);
  }
  return db.number(
    `select count(*) from json_each(?) a cross join shards s cross join logs l indexed by by_path
       on l.machine = s.no and l.path > 'captured/' || a.value || '/' and l.path < 'captured/' || a.value || '0'
      where l.${SHOWN_SQL}`,
    JSON.stringify(AGENTS),
  );
}

function byAge(a: NoteEntry, b: NoteEntry): number {
  return a.date < b.date ? 1 : a.date > b.date ? -1 : 0;
}
