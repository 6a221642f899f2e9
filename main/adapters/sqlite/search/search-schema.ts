import type { CalendarDate } from '../../../../shared/domain/ids.ts';
import { dayFromNumber, dayNumber } from '../../../../shared/format/time.ts';

/**
 * The tables of the full text (docs/search.md). The file is disposable: any change here, or of what is read from a log, raises {@link
 * SEARCH_VERSION}; older files are emptied and refilled, newer ones are left alone.
 */
export const SEARCH_VERSION = 5;

/** `SLse`: distinguishes our file from any other SQLite database at the path. */
export const SEARCH_APPLICATION_ID = 0x534c_7365;

/**
 * A row number is its day and a counter, newest day first: FTS5 walks rows upwards, so the newest of very many are found without reading
 * the rest. It stores the gaps between a word's row numbers, so days are close together; overflow goes to its own range after all days.
 */
const PER_DAY = 2 ** 8;
const PER_CROWDED_DAY = 2 ** 20;
/** Maximum day since 1970: the year 2149. Row numbers stay below 2^53. */
const LAST_DAY = 65_535;
const CROWDED = (LAST_DAY + 1) * PER_DAY;

/** Row numbers, both ends inclusive. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The rows of some days, in search order: those of ordinary days, then the overflow.
 * @param from first day; null for no bound
 * @param to last day; null for no bound
 */
export function rowRanges(from: CalendarDate | null, to: CalendarDate | null): readonly [RowRange, RowRange] {
  const [newest, oldest] = [to === null ? 0 : place(to), from === null ? LAST_DAY : place(from)];
  return [
    { first: newest * PER_DAY, last: (oldest + 1) * PER_DAY - 1 },
    { first: CROWDED + newest * PER_CROWDED_DAY, last: CROWDED + (oldest + 1) * PER_CROWDED_DAY - 1 },
  ];
}

/** The day of a row number. */
export function rowDay(row: number): CalendarDate {
  return dayFromNumber(rowDayNumber(row)) as CalendarDate;
}

/** The same in days since 1970. */
export function rowDayNumber(row: number): number {
  const at = row < CROWDED ? row / PER_DAY : (row - CROWDED) / PER_CROWDED_DAY;
  return LAST_DAY - Math.floor(at);
}

/** The day's position, counted back from the last. */
function place(day: CalendarDate): number {
  return LAST_DAY - Math.min(LAST_DAY, Math.max(0, dayNumber(day)));
}

/** Columns of the full text. The body comes first, because its entries then take two bytes less each. */
const COLUMNS = ['body', 'title', 'topic', 'headings', 'parts', 'facts'] as const;

/** Precedes a fact's letter and value: text cannot contain this character, because folding leaves only words and digits. */
export const FACT = '\ue000';
/** Replaces anything but letters and digits in a fact's value. */
const GAP = '\ue001';

/** The letter of each fact. */
export const FACT_LETTERS = {
  machine: 'm',
  uuid: 'n',
  user: 'u',
  project: 'p',
  client: 'c',
  agent: 'a',
  mark: 'k',
} as const;
export type Fact = keyof typeof FACT_LETTERS;

const FACT_LENGTH = 80;

/** Formats a fact as one word of the full text. @param folded value as returned by `foldText` */
export function factWord(fact: Fact, folded: string): string {
  const value = folded
    .trim()
    .slice(0, FACT_LENGTH)
    .replaceAll(/[^a-z0-9\u0080-\u{10ffff}]+/gu, GAP);
  return `${FACT}${FACT_LETTERS[fact]}${value}`;
}

/** Formats a title word as one word of the facts: a title with a common word is found without walking all texts that contain it. */
export function titleWord(folded: string): string {
  return `${FACT}t${folded}`;
}

/** The complete schema of a new file. */
export const SEARCH_SCHEMA = `
  -- Of everything below: rows and words of docs, bytes of texts and of what is kept; changes grows with every write. swept: what a sweep has
  -- brought it up to.
  create table sums (
    changes integer not null,
    rows integer not null,
    words integer not null,
    text_bytes integer not null,
    kept_bytes integer not null,
    swept text not null
  ) strict;
  insert into sums values (0, 0, 0, 0, 0, '');

  create table logs (
    no integer primary key,
    machine text not null,
    path text not null,
    size integer not null,
    mtime integer not null,
    sha256 text not null,
    origin integer not null,
    host text not null,
    git_commit text,
    text_bytes integer not null,
    unique (path, machine)
  ) strict;

  -- One for each row of the full text: a log, or a session inside a daily log.
  create table docs (
    id integer primary key,
    log integer not null,
    part text,
    line integer not null,
    words integer not null,
    title text,
    user text,
    project text,
    client text
  ) strict;
  create index docs_by_log on docs (log);

  -- Rows of docs that say what is still to be done (pending-table.ts). thread: the work that it belongs to; rank: of copies the one
  -- that is shown first. tasks: JSON lists of id, line, done, text, group; empty where nothing is pending.
  create table pending (
    doc integer primary key,
    thread text not null,
    moment integer not null,
    rank integer not null,
    person text not null,
    topic text,
    session text,
    open integer not null,
    done integer not null,
    tasks text not null
  ) strict;
  create index pending_by_thread on pending (thread, moment desc, rank, doc);
  create index pending_by_session on pending (session, person) where session is not null;

  -- The newest list of each thread, if it names a task.
  create table threads (
    thread text primary key,
    doc integer not null,
    moment integer not null,
    open integer not null,
    done integer not null
  ) strict, without rowid;
  create index threads_by_moment on threads (moment desc, doc);

  -- Where each task stands that is not ticked there.
  create table tasks (id text not null, doc integer not null, primary key (id, doc)) strict, without rowid;

  -- Texts that are nowhere else on this disk, compressed.
  create table kept (log integer primary key, text blob not null) strict;

  -- Text is folded and cut before it comes here, so the plain tokenizer is enough.
  create virtual table texts using fts5 (${COLUMNS.join(', ')}, content='', contentless_delete=1, tokenize='ascii');
  -- Every single word of it, for ranking.
  create virtual table instances using fts5vocab (texts, 'instance');
`;
