import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import {
  COPY_LIMIT,
  copyRow,
  joinCopies,
  sessionRow,
  type SessionCopy,
} from '../../../shared/domain/session-copies.ts';
import { addTo } from '../../../shared/group-by.ts';
import { facetValues, momentOf } from './incoming-rows.ts';
import { indexFault } from './index-faults.ts';
import {
  daySql,
  HIDDEN,
  idAtSql,
  JOINED,
  machineSql,
  NO_SESSIONS,
  ofMachineSql,
  PART,
  placeSql,
  PLACES,
  UNJOINED,
} from './index-schema.ts';
import { readRow, ROW_JOINS, ROW_SQL, type Joined } from './log-rows.ts';
import { addSums, countShown, emptySums, type FacetValues, type Sums } from './shard-sums.ts';
import { readMachines, type Machine } from './shard-table.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { requeueWords, type RowPlace } from './word-list.ts';

/**
 * Rows with one session id are copies of one session (see session-copies.ts): one of them is shown, the others are hidden behind it. This
 * is computed when rows change, only for the sessions affected, so that reading a list costs no more.
 *
 * Nothing is joined before the first reader comes: session ids are unordered, so maintaining an index on them while a team is imported
 * would touch a page per row. The first reader builds the index, sorted at once, and joins everything, piece by piece; from then on it is
 * kept up to date.
 */

/** Sessions processed at once. */
const SLICE = 500;

/** A row's session state in the tables. */
interface JoinState extends FacetValues {
  readonly view: number;
  readonly place: number;
  /** Number and position of the leader, `no:place`; null for a row that stands alone. */
  readonly leader: string | null;
  readonly joined: string | null;
  readonly moment: number;
}

/** One row with a session id. */
interface StoredCopy extends SessionCopy {
  readonly no: number;
  readonly place: number;
  readonly day: number;
  readonly state: JoinState;
}

/** How far rows are joined: NO_SESSIONS, UNJOINED or JOINED. */
function joining(db: SqliteConnection): number {
  return db.number('select sessions from meta');
}

/** Adds the sessions of a machine's rows; true for those with several copies. */
export function touchSessions(db: SqliteConnection, no: number, touched: Map<string, boolean>): void {
  if (joining(db) !== JOINED) return;
  for (const [session, several] of db.rows(
    `select json_array(session, max(leader is not null)) as row from logs
       where ${ofMachineSql('id', '?1')} and session is not null group by session`,
    no,
  ) as [string, number][])
    touched.set(session, several === 1 || touched.get(session) === true);
}

/** Like {@link touchSessions}, but only those with several copies. */
export function touchJoined(db: SqliteConnection, no: number, touched: Map<string, boolean>): void {
  const found = new Map<string, boolean>();
  touchSessions(db, no, found);
  for (const [session, several] of found) if (several) touched.set(session, true);
}

/**
 * Recomputes which rows of some sessions are shown, inside the transaction that changed them.
 * @param touched true for sessions that had several copies before
 * @param options.words the words that find them may have changed too
 */
export function joinTouched(
  db: SqliteConnection,
  own: MachineUuid | null,
  touched: ReadonlyMap<string, boolean>,
  { words }: { readonly words: boolean },
): void {
  if (touched.size === 0) return;
  if (joining(db) !== JOINED) {
    db.run('update meta set sessions = ? where sessions = ?', UNJOINED, NO_SESSIONS);
    return;
  }
  const sessionsWith = (wanted: boolean): string[] =>
    [...touched].flatMap(([session, several]) => (several === wanted ? [session] : []));
  const sessions = sessionsWith(true);
  const others = sessionsWith(false);
  for (const some of slices(others)) sessions.push(...claimedTwice(db, some));
  const machines = readMachines(db, own);
  for (const some of slices(sessions)) joinSome(db, machines, some, words);
}

/**
 * Joins what no reader has requested yet. Outside of any transaction. If it cannot be done (a full disk, another process writing), the
 * query is still answered: copies are then shown side by side.
 */
export function prepareSessions(db: SqliteConnection, own: MachineUuid | null): void {
  try {
    while (joinWaiting(db, own));
  } catch (error) {
    if (indexFault(error, '')?.kind !== 'answer') throw error;
  }
}

/**
 * Joins some of the waiting rows, in their own short transactions, so that no other process waits for a whole team.
 * @returns true when more may be waiting
 */
export function joinWaiting(db: SqliteConnection, own: MachineUuid | null): boolean {
  if (joining(db) === UNJOINED) beginJoining(db);
  if (db.first('select 1 from join_queue limit 1') === null) return false;
  return db.write(() => {
    const waiting = db.rows(
      `select json_array(id, session) as row from join_queue order by id limit ${SLICE}`,
    ) as [number, string][];
    const last = waiting.at(-1);
    if (last === undefined) return false;
    joinSome(
      db,
      readMachines(db, own),
      waiting.map(([, session]) => session),
      true,
    );
    db.run('delete from join_queue where id <= ?', last[0]);
    db.run('update meta set version = version + 1');
    return true;
  });
}

function beginJoining(db: SqliteConnection): void {
  db.write(() => {
    if (joining(db) !== UNJOINED) return;
    db.exec('create index if not exists by_session on logs (session) where session is not null');
    // In row order: neighbours are joined together, and are on the same pages.
    db.exec(
      `insert into join_queue (session) select session from
         (select session, min(id) first from logs indexed by by_session where session is not null
           group by session having count(*) > 1 order by first)`,
    );
    db.run('update meta set sessions = ?', JOINED);
  });
}

/** Of some sessions, those claimed by several rows. */
function claimedTwice(db: SqliteConnection, sessions: readonly string[]): readonly string[] {
  return db.rows(
    `select json_quote(session) as row from logs indexed by by_session where session in (select value from json_each(?))
       group by session having count(*) > 1`,
    JSON.stringify(sessions),
  ) as string[];
}

function joinSome(
  db: SqliteConnection,
  machines: readonly Machine[],
  sessions: readonly string[],
  words: boolean,
): void {
  const sums = new Map<number, Sums>();
  const changes: Change[] = [];
  const reread: RowPlace[] = [];
  for (const copies of readCopies(db, machines, sessions).values())
    for (const session of joinCopies(copies) as readonly (readonly StoredCopy[])[])
      for (const [at, copy] of session.entries()) {
        const next = stateOf(copy, session, at === 0);
        if (!isSame(copy.state, next)) changes.push([copy, next]);
        if ((words && session.length > 1) || copy.state.view !== next.view)
          reread.push([copy.no, copy.place]);
      }
  writeStates(db, changes);
  for (const [{ no, day, state }, next] of changes) {
    const of = sumsOf(sums, no);
    countShown(of, day, state.view, state, -1);
    countShown(of, day, next.view, next, 1);
  }
  requeueWords(db, reread);
  for (const [no, of] of sums) addSums(db, no, of);
}

/** All rows of some sessions; for an id claimed by too many, only those to separate. */
function readCopies(
  db: SqliteConnection,
  machines: readonly Machine[],
  sessions: readonly string[],
): ReadonlyMap<string, StoredCopy[]> {
  const list = JSON.stringify(sessions);
  const crowded = db.rows(
    `select json_quote(session) as row from logs indexed by by_session where session in (select value from json_each(?))
       group by session having count(*) > ${COPY_LIMIT}`,
    list,
  ) as string[];
  const found = new Map<string, StoredCopy[]>();
  for (const value of db.rows(
    `select '[' || json_array(l.session, ${placeSql('l.id')}, ${daySql('l.id')}, l.part, l.view, l.place, ${machineSql('l.leader')},
       ${placeSql('l.leader')}, l.joined, l.user, l.project, l.client, l.moment) || ',' || l.row || ']' as row from
       (select l.*, ${ROW_SQL} from logs l indexed by by_session ${ROW_JOINS} where l.session in (select value from json_each(?1))
         and (l.leader is not null or l.session not in (select value from json_each(?2)))) l`,
    list,
    JSON.stringify(crowded),
  ) as [StateColumns, unknown][]) {
    const copy = copyOf(value, machines);
    const session = value[0][0];
    // Separated, each alone: under ids that no session has.
    addTo(found, crowded.includes(session) ? `${session} ${found.size}` : session, copy);
  }
  return found;
}

type StateColumns = [
  session: string,
  place: number,
  day: number,
  part: string | null,
  view: number,
  best: number,
  leaderNo: number | null,
  leaderPlace: number | null,
  joined: string | null,
  user: string | null,
  project: string | null,
  client: string | null,
  moment: number,
];

function copyOf([columns, value]: [StateColumns, unknown], machines: readonly Machine[]): StoredCopy {
  const [, place, day, part, view, best, leaderNo, leaderPlace, joined, user, project, client, moment] =
    columns;
  const row = readRow(value, machines, 'itself');
  const machine = machines.find((candidate) => candidate.machine === row.machine);
  return {
    row,
    workspace: machine?.workspace === true,
    part: part !== null,
    no: machine?.no ?? 0,
    place,
    day,
    state: {
      view,
      place: best,
      leader: leaderNo === null ? null : `${leaderNo}:${leaderPlace}`,
      joined,
      user,
      project,
      client,
      moment,
    },
  };
}

/** The table values of a copy. */
function stateOf(copy: StoredCopy, session: readonly StoredCopy[], isFirst: boolean): JoinState {
  const view = (copy.part ? PART : 0) | (isFirst ? 0 : HIDDEN);
  const [first, ...others] = session;
  if (first === undefined || others.length === 0) return stateOfRow(copy.row, view, null, null);
  const row = isFirst ? sessionRow([first, ...others]) : copyRow(copy, session);
  const { place, commit, backedUp, stale } = row;
  const joined: Joined = {
    facts: differences(copy.row, row),
    ...(isFirst ? { shown: { place, commit, backedUp, stale } } : {}),
  };
  return stateOfRow(row, view, `${first.no}:${first.place}`, JSON.stringify(joined));
}

function stateOfRow(row: LogRow, view: number, leader: string | null, joined: string | null): JoinState {
  return {
    view,
    leader,
    joined,
    place: PLACES.indexOf(row.place),
    ...facetValues(row.user, row.project, row.client),
    moment: momentOf(row.time, row),
  };
}

/** Facts that other copies of its session can add to a row, each with the test for its presence. */
const SHARED = [
  'title',
  'topic',
  'author',
  'user',
  'project',
  'client',
  'time',
  'tags',
  'notes',
  'copies',
] as const satisfies readonly (keyof LogRow)[];

function differences(own: LogRow, row: LogRow): Partial<LogRow> {
  const facts: Partial<Record<keyof LogRow, unknown>> = {};
  for (const key of SHARED) if (own[key] !== row[key]) facts[key] = row[key];
  return facts as Partial<LogRow>;
}

function isSame(a: JoinState, b: JoinState): boolean {
  return (Object.keys(a) as (keyof JoinState)[]).every((key) => a[key] === b[key]);
}

/** A row and its new table values. */
type Change = readonly [copy: StoredCopy, next: JoinState];

/** In one statement: a call per row costs more than SQLite's own work on it. */
function writeStates(db: SqliteConnection, changes: readonly Change[]): void {
  if (changes.length === 0) return;
  const rows = changes.map(([{ no, place }, next]) => {
    const leader = next.leader?.split(':').map(Number) ?? [null, null];
    return [
      no,
      place,
      next.view,
      next.place,
      ...leader,
      next.joined,
      next.user,
      next.project,
      next.client,
      next.moment,
    ];
  });
  db.run(
    `update logs set view = value ->> 2, place = value ->> 3, leader = ${idAtSql('(value ->> 4)', '(value ->> 5)')}, joined = value ->> 6,
       user = value ->> 7, project = value ->> 8, client = value ->> 9, moment = value ->> 10
       from json_each(?) where logs.id = ${idAtSql('(value ->> 0)', '(value ->> 1)')}`,
    JSON.stringify(rows),
  );
}

function sumsOf(sums: Map<number, Sums>, no: number): Sums {
  const found = sums.get(no) ?? emptySums();
  sums.set(no, found);
  return found;
}

function slices(sessions: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(sessions.length / SLICE);
  return Array.from({ length: count }, (_, at) => sessions.slice(at * SLICE, (at + 1) * SLICE));
}
