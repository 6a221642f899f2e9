import { ENTRY_FORMAT } from '../../../shared/domain/log-entry.ts';
import type { LogName } from '../../../shared/domain/log-name.ts';
import type { LogPlace } from '../../../shared/domain/log-query.ts';

/**
 * The tables of the local index. The file is disposable: any change here raises {@link SCHEMA_VERSION} by a thousand, and older files are
 * emptied and refilled from the shards (docs/index.md).
 *
 * A log's row number is its position: machine, day and a counter packed into 62 bits. Rows of one machine are adjacent and ordered by day,
 * so importing a shard writes neighbouring pages, and every index on another column ends in (machine, day) without storing them: counting
 * by day or machine uses only an index or the word list, without reading a row.
 */
export const SCHEMA_VERSION = 8_000 + ENTRY_FORMAT;

/** `SLix`: distinguishes our file from any other SQLite database at the path. */
export const APPLICATION_ID = 0x534c_6978;

/** Codes of `LogName.kind` in the tables. */
export const KINDS: readonly LogName['kind'][] = ['daily', 'session', 'other'];

/** Codes of `LogRow.place` in the tables. */
export const PLACES: readonly LogPlace[] = ['store', 'cached', 'local', 'workspace', 'git'];
export const [STORE, CACHED, LOCAL, WORKSPACE, GIT] = [0, 1, 2, 3, 4] as const;

/** Bits of the column `view`. */
export const [PART, HIDDEN] = [1, 2] as const;
/** SQL condition for the rows of a list of sessions, and of a list of files. */
export const SHOWN_SQL = `view < ${HIDDEN}`;
export const FILES_SQL = `view in (0, ${HIDDEN})`;

/** Whether rows with one session id are joined: none has an id yet, the first reader will start it, it is kept up to date. */
export const [NO_SESSIONS, UNJOINED, JOINED] = [0, 1, 2] as const;

/** Codes of the filterable properties in the tables. */
export const FACETS = ['user', 'project', 'client'] as const;

const DAY_SHIFT = 20;
const MACHINE_SHIFT = 47;

/** Maximum logs of one machine on one day. */
export const LOGS_PER_DAY = 2 ** DAY_SHIFT;
/** Maximum machines in one index. */
export const MACHINES = 2 ** (63 - MACHINE_SHIFT) - 1;

/** SQL for a row number. Numbers above 2^53 exist only inside SQLite; JavaScript sees the parts. */
export function idSql(machine: string, day: string, counter: string): string {
  return `((${machine} << ${MACHINE_SHIFT}) | (${day} << ${DAY_SHIFT}) | ${counter})`;
}

/** SQL for the machine's number in a row number. */
export function machineSql(id: string): string {
  return `(${id} >> ${MACHINE_SHIFT})`;
}

/** SQL for the day (`yyyymmdd` as a number) in a row number. */
export function daySql(id: string): string {
  return `((${id} >> ${DAY_SHIFT}) & ${2 ** (MACHINE_SHIFT - DAY_SHIFT) - 1})`;
}

/** SQL for a row number's day and counter together: small enough for a JavaScript number. */
export function placeSql(id: string): string {
  return `(${id} & ${2 ** MACHINE_SHIFT - 1})`;
}

/** SQL for a row number from {@link machineSql} and {@link placeSql}. */
export function idAtSql(machine: string, place: string): string {
  return `((${machine} << ${MACHINE_SHIFT}) | ${place})`;
}

/** SQL for the counter in a row number, `id`. */
export const COUNTER_SQL = `(id & ${LOGS_PER_DAY - 1})`;

/** SQL condition for the row numbers of one machine. */
export function ofMachineSql(id: string, machine: string): string {
  return `${id} between ${idSql(machine, '0', '0')} and ${idSql(machine, String(2 ** (MACHINE_SHIFT - DAY_SHIFT) - 1), String(LOGS_PER_DAY - 1))}`;
}

/**
 * SQL condition for the rows of a machine's path (`?1`, `?2`), both the log's and its parts': by the index on paths, or among the machine's
 * rows until that index exists.
 */
export const PATH_SQL = `machine = ?1 and path = ?2 and ${ofMachineSql('id', '?1')}`;

/** The complete schema of a new file. */
export const SCHEMA = `
  -- own: the machine that places were worked out for. sessions: a code of NO_SESSIONS, UNJOINED, JOINED.
  create table meta (version integer not null, own text, sessions integer not null) strict;

  -- One row per machine or workspace. host, segments, receipts and marks are JSON; segments is [[name, number, whole]], number 0 being the
  -- head. logs counts shown rows; files, bytes, stored and cached speak of files.
  create table shards (
    no integer primary key,
    machine text not null unique,
    workspace integer not null,
    host text not null,
    updated integer not null,
    generation text not null,
    seq integer,
    segments text not null,
    receipts text not null,
    marks text not null,
    logs integer not null,
    files integer not null,
    bytes integer not null,
    stored integer not null,
    cached integer not null
  ) strict;

  -- One row for each log and for each session inside one (part: its id). What lists and filters need as columns; the whole entry but
  -- its path as JSON, as the shard gives it. moment: of the session, else the last change. view: bits PART and HIDDEN. here: code of
  -- where its own bytes are; place: of where the fullest copy of its session is. session: the id by which rows are joined; leader: the
  -- row that is shown for them, null for what stands alone; joined: what the copies know of each other (join-sessions.ts).
  create table logs (
    id integer primary key,
    machine integer not null,
    path text not null,
    part text,
    moment integer not null,
    segment integer not null,
    kind integer not null,
    view integer not null,
    here integer not null,
    place integer not null,
    user text,
    project text,
    client text,
    session text,
    leader integer,
    joined text,
    notes integer,
    entry text not null
  ) strict;
  create index by_notes on logs (notes) where notes is not null;

  -- Sessions whose copies nobody has joined yet, in the order of their rows.
  create table join_queue (id integer primary key, session text not null) strict;

  -- logs counts shown rows, files those of files.
  create table days (
    day integer not null,
    machine integer not null,
    logs integer not null,
    files integer not null,
    primary key (day, machine)
  ) strict, without rowid;

  -- Whom and what each machine's shown rows can be filtered by; facet is a code of FACETS.
  create table facets (
    machine integer not null,
    facet integer not null,
    value text not null,
    logs integer not null,
    primary key (machine, facet, value)
  ) strict, without rowid;

  -- What the cache holds; kept by UUID, because a machine's shard may come and go while its cached logs stay.
  create table copies (
    machine text not null,
    path text not null,
    sha256 text not null,
    primary key (machine, path)
  ) strict, without rowid;

  -- Logs of this machine that are deleted here and only in the store.
  create table deleted (path text primary key) strict, without rowid;

  -- Words of titles, people, hosts and paths. Text is folded before it comes here, so the plain tokenizer is enough.
  create virtual table words using fts5 (text, content='', contentless_delete=1, tokenize='ascii', prefix='1');
  -- Rows whose words are not in the list yet.
  create table word_queue (id integer primary key) strict;
`;
