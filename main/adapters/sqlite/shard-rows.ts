import { appError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { parseLogName, type LogName } from '../../../shared/domain/log-name.ts';
import { Refusal } from './index-faults.ts';
import { counterSql, FACETS, idAtSql, idSql, KINDS, LOGS_PER_DAY } from './index-schema.ts';
import { NOTED, STORED } from '../../core/ports/packed-entries.ts';
import { textAt, type ReadableEntries } from './packed-entries.ts';
import type { SqliteConnection, SqlValue } from './sqlite-connection.ts';
import { parseEntry } from './stored-entry.ts';
import { forgetWords, queueWords } from './word-list.ts';

/** One entry on its way in: where it lies in the packed columns, and the segment that it belongs to. */
export interface Incoming {
  readonly from: ReadableEntries;
  readonly at: number;
  readonly segment: number;
}

/** Rows that came in, in the order of their places. */
export type AddedRows = readonly (readonly [path: string, row: Incoming])[];

/** One row that may have to change. */
export interface Row {
  readonly day: number;
  readonly counter: number;
  readonly segment: number;
  readonly cached: number;
  readonly entry: string;
}

/** How the sums of a shard move with its rows. */
export interface Sums {
  readonly days: Map<number, number>;
  /** How many logs more, or less, have a value of a facet. */
  readonly facets: { readonly [F in (typeof FACETS)[number]]: Map<string, number> };
  logs: number;
  bytes: number;
  stored: number;
  cached: number;
}

/** A machine's shard as it is in the tables. */
export interface ShardRow {
  readonly no: number;
  /** As stored: JSON. */
  readonly host: string;
  readonly segments: unknown;
  readonly logs: number;
}

/**
 * Makes the rows of a machine what `incoming` says: takes out, changes and adds only what differs.
 * @returns the rows that were added
 */
export function applyRows(
  db: SqliteConnection,
  shard: ShardRow,
  machine: MachineUuid,
  incoming: ReadonlyMap<string, Incoming>,
  rows: ReadonlyMap<string, Row>,
  sums: Sums,
): AddedRows {
  const removal = removeRow(db, shard.no, sums);
  for (const [path, row] of rows) if (!incoming.has(path)) removal(path, row);
  const added: [string, Incoming][] = [];
  for (const [path, next] of incoming) {
    const row = rows.get(path);
    if (row && row.day === next.from.days[next.at]) updateRow(db, shard.no, row, next, sums);
    else {
      if (row) removal(path, row);
      added.push([path, next]);
    }
  }
  if (added.length === 0) return added;
  // In the order of the table, so that neighbouring rows go to neighbouring pages.
  added.sort(([a, x], [b, y]) => dayOf(x) - dayOf(y) || (a < b ? -1 : 1));
  insertRows(db, shard, machine, added, sums);
  return added;
}

function dayOf({ from, at }: Incoming): number {
  return from.days[at] as number;
}

function removeRow(db: SqliteConnection, no: number, sums: Sums): (path: string, row: Row) => void {
  return (path, row) => {
    forgetWords(db, no, row.day, row.counter);
    db.run(`delete from logs where id = ${idSql('?', '?', '?')}`, no, row.day, row.counter);
    const entry = parseEntry(row.entry);
    sums.days.set(row.day, (sums.days.get(row.day) ?? 0) - 1);
    countFacets(sums, parseLogName(path), -1);
    sums.logs--;
    sums.bytes -= entry.size;
    sums.stored -= entry.stored.generation === '' ? 0 : 1;
    sums.cached -= row.cached;
  };
}

function updateRow(
  db: SqliteConnection,
  no: number,
  row: Row,
  { from, at, segment }: Incoming,
  sums: Sums,
): void {
  const text = textAt(from, at);
  if (text === row.entry && segment === row.segment) return;
  const marks = from.marks[at] as number;
  db.run(
    `update logs set mtime = ?4, segment = ?5, notes = ?6, entry = ?7 where id = ${idSql('?1', '?2', '?3')}`,
    no,
    row.day,
    row.counter,
    from.mtimes[at] as number,
    segment,
    marks & NOTED ? 1 : null,
    text,
  );
  if (text === row.entry) return;
  const [before, after] = [parseEntry(row.entry), parseEntry(text)];
  sums.bytes += after.size - before.size;
  sums.stored += (marks & STORED) - (before.stored.generation === '' ? 0 : 1);
  if (before.title === after.title && before.author === after.author) return;
  forgetWords(db, no, row.day, row.counter);
  queueWords(db, no, row.day, row.counter);
}

function insertRows(
  db: SqliteConnection,
  shard: ShardRow,
  machine: MachineUuid,
  added: AddedRows,
  sums: Sums,
): void {
  const copies = new Set(
    db.rows('select json_quote(path) as row from copies where machine = ?', machine) as string[],
  );
  const nextCounter = counters(db, shard);
  let batch: SqlValue[] = [shard.no];
  for (const [at, [path, { from, at: row, segment }]] of added.entries()) {
    const day = from.days[row] as number;
    const counter = nextCounter(day);
    const name = parseLogName(path);
    const marks = from.marks[row] as number;
    const cached = copies.has(path) ? 1 : 0;
    batch.push(
      day * LOGS_PER_DAY + counter,
      path,
      from.mtimes[row] as number,
      packTraits(segment, KINDS.indexOf(name.kind), cached, marks & NOTED),
      name.user,
      name.project,
      name.client,
      textAt(from, row),
    );
    if (at % BATCH === BATCH - 1 || at === added.length - 1) {
      db.run(insertSql((at % BATCH) + 1), ...batch);
      batch = [shard.no];
    }
    if (shard.logs > 0) queueWords(db, shard.no, day, counter);
    sums.days.set(day, (sums.days.get(day) ?? 0) + 1);
    countFacets(sums, name, 1);
    sums.logs++;
    sums.bytes += from.sizes[row] as number;
    sums.stored += marks & STORED;
    sums.cached += cached;
  }
}

function countFacets({ facets }: Sums, name: LogName, logs: 1 | -1): void {
  for (const facet of FACETS) {
    const value = name[facet];
    if (value !== null) facets[facet].set(value, (facets[facet].get(value) ?? 0) + logs);
  }
}

/** Gives the next free counter of a day; asked day after day. */
function counters(db: SqliteConnection, shard: ShardRow): (day: number) => number {
  const lastOfDay = `select ${counterSql('id')} from logs
    where id between ${idSql('?1', '?2', '0')} and ${idSql('?1', '?2', String(LOGS_PER_DAY - 1))} order by id desc limit 1`;
  let current = -1;
  let counter = 0;
  return (day) => {
    if (day === current) counter++;
    else {
      const last = shard.logs === 0 ? null : db.first(lastOfDay, shard.no, day);
      counter = last ? Number(last[0]) + 1 : 0;
      current = day;
    }
    if (counter < LOGS_PER_DAY) return counter;
    throw new Refusal(
      appError(
        'invalid-input',
        `More than ${LOGS_PER_DAY} logs have the same day.`,
        'Give the logs dates in their names.',
      ),
    );
  };
}

/** Rows per statement: a call into SQLite costs as much as a few of them. */
const BATCH = 32;
const FIELDS = 8;

/** Small numbers of a row in one, because each value that is bound costs about as much as SQLite's own work on it. */
function packTraits(segment: number, kind: number, cached: number, noted: number): number {
  return segment * 16 + kind * 4 + cached * 2 + (noted ? 1 : 0);
}

/** Inserts `count` rows of the machine `?1`, each with {@link FIELDS} values: place, path, mtime, traits and the rest as in the table. */
const insertSql = memoized((count) => {
  const rows = Array.from({ length: count }, (_, row) => {
    const [place, path, mtime, traits, user, project, client, entry] = Array.from(
      { length: FIELDS },
      (_unused, field) => `?${2 + row * FIELDS + field}`,
    );
    const numbers = `${traits} >> 4, (${traits} >> 2) & 3`;
    const flags = `(${traits} >> 1) & 1, nullif(${traits} & 1, 0)`;
    return `(${idAtSql('?1', String(place))}, ?1, ${path}, ${mtime}, ${numbers}, ${user}, ${project}, ${client}, ${flags}, ${entry})`;
  });
  return `insert into logs values ${rows.join()}`;
});

function memoized(make: (count: number) => string): (count: number) => string {
  const made = new Map<number, string>();
  return (count) => {
    const text = made.get(count) ?? make(count);
    made.set(count, text);
    return text;
  };
}
