import { appError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { parseLogName, type LogName } from '../../../shared/domain/log-name.ts';
import { AUTHORED, NOTED, STORED } from '../../core/ports/packed-entries.ts';
import { facetValues, type Incoming, type RowMore } from './incoming-rows.ts';
import { Refusal } from './index-faults.ts';
import { deletedLogs } from './deleted-logs.ts';
import {
  CACHED,
  GIT,
  idAtSql,
  idSql,
  KINDS,
  LOCAL,
  LOGS_PER_DAY,
  STORE,
  WORKSPACE,
  COUNTER_SQL,
} from './index-schema.ts';
import { textAt } from './packed-entries.ts';
import { countFile, countShown, type FacetValues, type Sums } from './shard-sums.ts';
import type { SqliteConnection, SqlValue } from './sqlite-connection.ts';
import { parseEntry } from './stored-entry.ts';
import { forgetWords, queueWords } from './word-list.ts';

/** One row that may have to change. */
export interface Row extends FacetValues {
  readonly path: string;
  readonly part: string | null;
  readonly day: number;
  readonly counter: number;
  readonly segment: number;
  readonly view: number;
  readonly here: number;
  readonly session: string | null;
  /** It is one of several copies of its session. */
  readonly joined: boolean;
  readonly entry: string;
}

/** A machine's shard as stored in the tables. */
export interface ShardRow {
  readonly no: number;
  /** As stored: JSON. */
  readonly host: string;
  readonly segments: unknown;
  readonly files: number;
  readonly workspace: number;
}

/** Collects the effects of changed rows. */
export interface RowChange {
  readonly db: SqliteConnection;
  readonly shard: ShardRow;
  readonly machine: MachineUuid;
  /** Where the bytes of the shard's logs are, unless cached: a code of PLACES. */
  readonly here: number;
  readonly sums: Sums;
  /** Sessions that rows joined, left or changed in; true for those that had several copies. */
  readonly touched: Map<string, boolean>;
}

/**
 * Makes a machine's rows match `incoming`: removes, changes and adds only what differs. Session rows stand alone afterwards, as
 * if there were no copies.
 * @param rows those that may change, keyed as in `incoming`
 */
export function applyRows(
  change: RowChange,
  incoming: ReadonlyMap<string, Incoming>,
  rows: ReadonlyMap<string, Row>,
): void {
  for (const [key, row] of rows) if (!incoming.has(key)) removeRow(change, row);
  const added: Incoming[] = [];
  for (const [key, next] of incoming) {
    const row = rows.get(key);
    if (row && row.day === dayOf(next)) updateRow(change, row, next);
    else {
      if (row) removeRow(change, row);
      added.push(next);
    }
  }
  if (added.length === 0) return;
  // In table order, so that neighbouring rows go to neighbouring pages.
  added.sort((a, b) => dayOf(a) - dayOf(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  insertRows(change, added);
}

function dayOf({ from, at, more }: Incoming): number {
  return more === null ? (from.days[at] as number) : more.day;
}

function touch({ touched }: RowChange, session: string | null, joined: boolean): void {
  if (session !== null) touched.set(session, joined || touched.get(session) === true);
}

function removeRow(change: RowChange, row: Row): void {
  const { db, shard, sums } = change;
  forgetWords(db, shard.no, row.day, row.counter);
  db.run(`delete from logs where id = ${idSql('?', '?', '?')}`, shard.no, row.day, row.counter);
  touch(change, row.session, row.joined);
  countShown(sums, row.day, row.view, row, -1);
  if (row.part !== null) return;
  const entry = parseEntry(row.entry);
  countFile(sums, row.day, -1);
  sums.bytes -= entry.size;
  sums.stored -= entry.stored.generation === '' ? 0 : 1;
  sums.cached -= row.here === CACHED ? 1 : 0;
}

function updateRow(change: RowChange, row: Row, next: Incoming): void {
  const { db, shard, sums } = change;
  const { from, at, segment } = next;
  const text = next.more?.text ?? textAt(from, at);
  if (text === row.entry) {
    if (segment !== row.segment)
      db.run(
        `update logs set segment = ?4 where id = ${idSql('?1', '?2', '?3')}`,
        shard.no,
        row.day,
        row.counter,
        segment,
      );
    return;
  }
  const marks = from.marks[at] as number;
  const now = columnsOf(next, parseLogName(next.path));
  db.run(
    `update logs set moment = ?4, segment = ?5, notes = ?6, entry = ?7, view = ?8, user = ?9, project = ?10, client = ?11,
       session = ?12, here = ?13, place = ?13, leader = null, joined = null where id = ${idSql('?1', '?2', '?3')}`,
    shard.no,
    row.day,
    row.counter,
    now.moment,
    segment,
    row.part === null && marks & NOTED ? 1 : null,
    text,
    now.view,
    now.user,
    now.project,
    now.client,
    now.session,
    change.here === WORKSPACE ? hereOf(change, next) : row.here,
  );
  touch(change, row.session, row.joined);
  touch(change, now.session, false);
  countShown(sums, row.day, row.view, row, -1);
  countShown(sums, row.day, now.view, now, 1);
  const [before, after] = [parseEntry(row.entry), parseEntry(text)];
  if (row.part === null) {
    sums.bytes += after.size - before.size;
    sums.stored += (marks & STORED) - (before.stored.generation === '' ? 0 : 1);
  }
  const words = (
    entry: typeof before,
    { view, user, project, client }: FacetValues & { view: number },
  ): string => JSON.stringify([entry.title, entry.author, entry.tags, view, user, project, client]);
  if (words(before, row) === words(after, now)) return;
  forgetWords(db, shard.no, row.day, row.counter);
  queueWords(db, shard.no, row.day, row.counter);
}

/** A row's own columns, as if its session had no copies. */
function columnsOf(
  { from, at, more }: Incoming,
  name: LogName,
): Pick<RowMore, 'view' | 'moment' | 'session'> & FacetValues {
  if (more !== null) return more;
  const isAuthored = ((from.marks[at] as number) & AUTHORED) !== 0;
  const values = facetValues(isAuthored ? name.user : null, name.project, name.client);
  return { view: 0, moment: from.mtimes[at] as number, session: null, ...values };
}

function insertRows(change: RowChange, added: readonly Incoming[]): void {
  const plain = added.filter(({ more }) => more === null);
  const more = added.length === plain.length ? [] : added.filter((row) => row.more !== null);
  const insert = inserter(change);
  insert(plain, PLAIN_FIELDS);
  insert(more, MORE_FIELDS);
}

/** Creates the function that inserts rows of one shape, ordered by day. */
function inserter(change: RowChange): (rows: readonly Incoming[], fields: number) => void {
  const { db, shard, sums } = change;
  const copies = new Set(
    db.rows('select json_quote(path) as row from copies where machine = ?', change.machine) as string[],
  );
  const deleted = change.here === LOCAL ? deletedLogs(db) : new Set<string>();
  const nextCounter = counters(db, shard);
  return (rows, fields) => {
    let batch: SqlValue[] = [shard.no];
    for (const [index, row] of rows.entries()) {
      const { from, at, segment, path, more } = row;
      const day = dayOf(row);
      const counter = nextCounter(day);
      const name = parseLogName(path);
      const marks = from.marks[at] as number;
      const now = columnsOf(row, name);
      const here = hereOf(change, row, copies, deleted);
      const part = more === null ? null : more.part;
      const isNoted = part === null && (marks & NOTED) !== 0;
      const kind = KINDS.indexOf(part === null ? name.kind : 'session');
      batch.push(
        day * LOGS_PER_DAY + counter,
        path,
        now.moment,
        packTraits(segment, kind, here, now.view, isNoted),
        now.user,
        now.project,
        now.client,
        more?.text ?? textAt(from, at),
      );
      if (fields === MORE_FIELDS) batch.push(part, now.session);
      if (index % BATCH === BATCH - 1 || index === rows.length - 1) {
        db.run(insertSql(fields, (index % BATCH) + 1), ...batch);
        batch = [shard.no];
      }
      if (shard.files > 0) queueWords(db, shard.no, day, counter);
      touch(change, now.session, false);
      countShown(sums, day, now.view, now, 1);
      if (part !== null) continue;
      countFile(sums, day, 1);
      sums.bytes += from.sizes[at] as number;
      sums.stored += marks & STORED;
      sums.cached += here === CACHED ? 1 : 0;
    }
  };
}

const NONE: ReadonlySet<string> = new Set();

function hereOf(
  { here }: RowChange,
  { path, more }: Incoming,
  copies: ReadonlySet<string> = NONE,
  deleted: ReadonlySet<string> = NONE,
): number {
  if (here === WORKSPACE) return more?.committed === true ? GIT : here;
  if (here === STORE && copies.has(path)) return CACHED;
  return here === LOCAL && deleted.has(path) ? STORE : here;
}

/** Returns the next free counter of a day. */
function counters(db: SqliteConnection, shard: ShardRow): (day: number) => number {
  const lastOfDay = `select ${COUNTER_SQL} from logs
    where id between ${idSql('?1', '?2', '0')} and ${idSql('?1', '?2', String(LOGS_PER_DAY - 1))} order by id desc limit 1`;
  const used = new Map<number, number>();
  return (day) => {
    const before =
      used.get(day) ?? (shard.files === 0 ? -1 : (db.first(lastOfDay, shard.no, day)?.[0] ?? -1));
    const counter = before + 1;
    used.set(day, counter);
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
/** Number of values of a row with only its entry, and of one that belongs to a session: the latter has part and session too. */
const [PLAIN_FIELDS, MORE_FIELDS] = [8, 10] as const;

/** Packs the small numbers of a row into one, because each bound value costs about as much as SQLite's own work on it. */
function packTraits(segment: number, kind: number, here: number, view: number, isNoted: boolean): number {
  return segment * 256 + kind * 64 + here * 8 + view * 2 + (isNoted ? 1 : 0);
}

/** SQL to insert `count` rows of the machine `?1`, each with `fields` values: place, path, moment, traits and the rest as in the table. */
function insertSql(fields: number, count: number): string {
  const key = fields * 1_000 + count;
  const text = made.get(key) ?? makeInsertSql(fields, count);
  made.set(key, text);
  return text;
}

const made = new Map<number, string>();

function makeInsertSql(fields: number, count: number): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const [place, path, moment, traits, user, project, client, entry, part = 'null', session = 'null'] =
      Array.from({ length: fields }, (_unused, field) => `?${2 + row * fields + field}`);
    const [kind, here, view] = [`(${traits} >> 6) & 3`, `(${traits} >> 3) & 7`, `(${traits} >> 1) & 3`];
    const where = `${idAtSql('?1', String(place))}, ?1, ${path}, ${part}, ${moment}`;
    const own = `${user}, ${project}, ${client}, ${session}, null, null`;
    return `(${where}, ${traits} >> 8, ${kind}, ${view}, ${here}, ${here}, ${own}, nullif(${traits} & 1, 0), ${entry})`;
  });
  return `insert into logs values ${rows.join()}`;
}
