import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseLogName, type LogName } from '../../../shared/domain/log-name.ts';
import type { ShardContent } from '../../core/ports/log-index.ts';
import { Refusal } from './index-faults.ts';
import { counterSql, daySql, idSql, LOGS_PER_DAY, MACHINES, ofMachineSql } from './index-schema.ts';
import { NOTED, STORED, type PackedEntries } from './packed-entries.ts';
import { readSegments, type KnownSegment } from './shard-segments.ts';
import type { SqliteConnection, SqlValue } from './sqlite-connection.ts';
import { parseEntry } from './stored-entry.ts';
import { forgetWords, queueWords, queueWordsOfMachine } from './word-list.ts';

/** What {@link putShard} takes; entries as the worker gets them. */
export interface PackedShard {
  readonly content: ShardContent;
  readonly head: PackedEntries;
  readonly newSegments: readonly { readonly name: string; readonly entries: PackedEntries }[];
}

/** Codes of `LogName.kind` in the tables. */
export const KINDS: readonly LogName['kind'][] = ['daily', 'session', 'other'];

const HEAD = 0;

/** One entry on its way in: where it lies in the packed columns, and the segment that it belongs to. */
interface Incoming {
  readonly from: PackedEntries;
  readonly at: number;
  readonly segment: number;
}

/** One row that may have to change. */
interface Row {
  readonly day: number;
  readonly counter: number;
  readonly segment: number;
  readonly cached: number;
  readonly entry: string;
}

/** How the sums of a shard move with its rows. */
interface Sums {
  readonly days: Map<number, number>;
  logs: number;
  bytes: number;
  stored: number;
  cached: number;
}

/**
 * Brings one machine's rows up to its shard, touching only rows that differ. Runs inside the caller's transaction.
 * @throws {@link Refusal} when a segment is neither known nor given
 */
export function putShard(db: SqliteConnection, { content, head, newSegments }: PackedShard): void {
  const before = openShard(db, content);
  const known = new Map(readSegments(before.segments).map((segment) => [segment.name, segment]));
  const given = new Set(newSegments.map((segment) => segment.name));
  const missing = content.segments.filter((name) => !given.has(name) && !known.get(name)?.whole);
  if (missing.length > 0) throw new Refusal(missingSegments(content, missing));
  const kept = content.segments.flatMap((name) => {
    const segment = given.has(name) ? undefined : known.get(name);
    return segment ? [segment] : [];
  });
  let next = Math.max(HEAD, ...[...known.values()].map((segment) => segment.number));
  const added = newSegments.map(({ name, entries }) => ({ name, number: ++next, whole: true, entries }));
  const segments: KnownSegment[] = [
    ...kept,
    ...added.map(({ name, number, whole }) => ({ name, number, whole })),
  ];
  const incoming = collect(head, added, segments);
  const sums: Sums = { days: new Map(), logs: 0, bytes: 0, stored: 0, cached: 0 };
  const rows = before.logs === 0 ? new Map<string, Row>() : readRows(db, before.no, kept, incoming, segments);
  applyRows(db, before, content, incoming, rows, sums);
  countDays(db, before.no, sums.days);
  const host = JSON.stringify(content.host);
  db.run(
    `update shards set host = ?, updated = ?, generation = ?, seq = ?, segments = ?, receipts = ?, logs = logs + ?,
       bytes = bytes + ?, stored = stored + ?, cached = cached + ? where no = ?`,
    host,
    content.updated,
    content.generation,
    content.seq ?? null,
    JSON.stringify(segments.map(({ name, number, whole }) => [name, number, whole ? 1 : 0])),
    JSON.stringify(content.receipts),
    sums.logs,
    sums.bytes,
    sums.stored,
    sums.cached,
    before.no,
  );
  // The host's name is among the words of every log of the machine.
  if (before.logs === 0 || before.host !== host) queueWordsOfMachine(db, before.no);
}

function countDays(db: SqliteConnection, no: number, days: ReadonlyMap<number, number>): void {
  const changed = [...days].filter(([, logs]) => logs !== 0);
  if (changed.length === 0) return;
  // `true` keeps the parser from reading "on conflict" as a join condition.
  db.run(
    `insert into days select value ->> 0, ?1, value ->> 1 from json_each(?2) where true
       on conflict do update set logs = logs + excluded.logs`,
    no,
    JSON.stringify(changed),
  );
  for (const [day, logs] of changed)
    if (logs < 0) db.run('delete from days where day = ? and machine = ? and logs <= 0', day, no);
}

interface ShardRow {
  readonly no: number;
  /** As stored: JSON. */
  readonly host: string;
  readonly segments: unknown;
  readonly logs: number;
}

function openShard(db: SqliteConnection, { machine }: ShardContent): ShardRow {
  const find = (): ShardRow | null => {
    const [row] = db.rows(
      `select json_object('no', no, 'host', host, 'segments', json(segments), 'logs', logs) as row
         from shards where machine = ?`,
      machine,
    ) as ShardRow[];
    return row ?? null;
  };
  const found = find();
  if (found) return found;
  db.run(
    `insert into shards (machine, host, updated, generation, segments, receipts, logs, bytes, stored, cached)
     values (?, '""', 0, '', '[]', '[]', 0, 0, 0, 0)`,
    machine,
  );
  const made = find();
  if (!made || made.no > MACHINES)
    throw new Refusal(
      appError(
        'invalid-input',
        `An index holds at most ${MACHINES} machines.`,
        'Use a tenant for each team.',
      ),
    );
  return made;
}

/**
 * All entries of the call by path. A head may repeat a path of a segment; then the head is right, and the segment is marked as not
 * whole, so that it is asked for again should the head ever drop that path.
 */
function collect(
  head: PackedEntries,
  added: readonly { readonly number: number; readonly entries: PackedEntries }[],
  segments: KnownSegment[],
): Map<string, Incoming> {
  const incoming = new Map<string, Incoming>();
  for (const { from, segment } of [
    ...added.map(({ number, entries }) => ({ from: entries, segment: number })),
    { from: head, segment: HEAD },
  ])
    for (const [at, path] of from.paths.entries()) {
      const other = incoming.get(path);
      if (other && other.segment !== segment) markHoled(segments, other.segment);
      incoming.set(path, { from, at, segment });
    }
  return incoming;
}

/** The rows that the call may change: all but those of kept segments, and of these the ones whose path comes in again. */
function readRows(
  db: SqliteConnection,
  no: number,
  kept: readonly KnownSegment[],
  incoming: ReadonlyMap<string, Incoming>,
  segments: KnownSegment[],
): Map<string, Row> {
  const row = `json_array(path, ${daySql('id')}, ${counterSql('id')}, segment, cached, entry) as row`;
  const rows = new Map<string, Row>();
  const add = (values: readonly unknown[]): void => {
    for (const [path, day, counter, segment, cached, entry] of values as [string, ...number[], string][])
      rows.set(path, { day, counter, segment, cached, entry } as Row);
  };
  const numbers = JSON.stringify(kept.map((segment) => segment.number));
  add(
    db.rows(
      `select ${row} from logs where ${ofMachineSql('id', '?1')} and segment not in (select value from json_each(?2))`,
      no,
      numbers,
    ),
  );
  if (kept.length > 0)
    for (const path of incoming.keys()) {
      if (rows.has(path)) continue;
      add(db.rows(`select ${row} from logs where machine = ? and path = ?`, no, path));
      const found = rows.get(path);
      if (found) markHoled(segments, found.segment);
    }
  return rows;
}

function markHoled(segments: KnownSegment[], number: number): void {
  const at = segments.findIndex((segment) => segment.number === number);
  const segment = segments[at];
  if (segment) segments[at] = { ...segment, whole: false };
}

function applyRows(
  db: SqliteConnection,
  shard: ShardRow,
  content: ShardContent,
  incoming: ReadonlyMap<string, Incoming>,
  rows: ReadonlyMap<string, Row>,
  sums: Sums,
): void {
  const removal = removeRow(db, shard.no, sums);
  for (const [path, row] of rows) if (!incoming.has(path)) removal(row);
  const added: [string, Incoming][] = [];
  for (const [path, next] of incoming) {
    const row = rows.get(path);
    if (row && row.day === next.from.days[next.at]) updateRow(db, shard.no, row, next, sums);
    else {
      if (row) removal(row);
      added.push([path, next]);
    }
  }
  if (added.length === 0) return;
  // In the order of the table, so that neighbouring rows go to neighbouring pages.
  added.sort(([a, x], [b, y]) => dayOf(x) - dayOf(y) || (a < b ? -1 : 1));
  insertRows(db, shard, content, added, sums);
}

function dayOf({ from, at }: Incoming): number {
  return from.days[at] as number;
}

function removeRow(db: SqliteConnection, no: number, sums: Sums): (row: Row) => void {
  return (row) => {
    forgetWords(db, no, row.day, row.counter);
    db.run(`delete from logs where id = ${idSql('?', '?', '?')}`, no, row.day, row.counter);
    const entry = parseEntry(row.entry);
    sums.days.set(row.day, (sums.days.get(row.day) ?? 0) - 1);
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
  const text = from.entries[at] as string;
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
  content: ShardContent,
  added: readonly (readonly [string, Incoming])[],
  sums: Sums,
): void {
  const copies = new Set(
    db.rows('select json_quote(path) as row from copies where machine = ?', content.machine) as string[],
  );
  const nextCounter = counters(db, shard);
  let batch: SqlValue[] = [shard.no];
  for (const [at, [path, { from, at: row, segment }]] of added.entries()) {
    const day = from.days[row] as number;
    const counter = nextCounter(day);
    const name = parseLogName(path);
    const marks = from.marks[row] as number;
    const cached = copies.has(path) ? 1 : 0;
    batch.push(day, counter, path, from.mtimes[row] as number, segment);
    batch.push(KINDS.indexOf(name.kind), name.user, name.project, name.client);
    batch.push(cached, marks & NOTED ? 1 : null, from.entries[row] as string);
    if (at % BATCH === BATCH - 1 || at === added.length - 1) {
      db.run(insertSql((at % BATCH) + 1), ...batch);
      batch = [shard.no];
    }
    if (shard.logs > 0) queueWords(db, shard.no, day, counter);
    sums.days.set(day, (sums.days.get(day) ?? 0) + 1);
    sums.logs++;
    sums.bytes += from.sizes[row] as number;
    sums.stored += marks & STORED;
    sums.cached += cached;
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
const FIELDS = 12;

/** Inserts `count` rows of the machine `?1`, each with {@link FIELDS} values, beginning with day and counter. */
const insertSql = memoized((count) => {
  const rows = Array.from({ length: count }, (_, row) => {
    const value = (field: number): string => `?${2 + row * FIELDS + field}`;
    const rest = Array.from({ length: FIELDS - 2 }, (_, at) => value(at + 2)).join();
    return `(${idSql('?1', value(0), value(1))}, ?1, ${rest})`;
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

function missingSegments(content: ShardContent, names: readonly string[]): AppError {
  return appError(
    'invalid-input',
    `The index of ${content.host} was given without ${names.length === 1 ? 'the part' : `${names.length} parts, first`} ${names[0]}.`,
    'Run `session-log sync --index` again.',
    { details: { segments: names } },
  );
}
