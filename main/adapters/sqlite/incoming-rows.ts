import { dayNumber } from '../../../shared/domain/day-number.ts';
import { entryFacts } from '../../../shared/domain/entry-facts.ts';
import type { SessionPart } from '../../../shared/domain/log-entry.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { isNoSession, joinId, partsOf, sessionOf } from '../../../shared/domain/session-parts.ts';
import { MORE, type StoredEntry } from '../../core/ports/packed-entries.ts';
import { HIDDEN, PART } from './index-schema.ts';
import { textAt, type ReadableEntries } from './packed-entries.ts';
import type { FacetValues } from './shard-sums.ts';
import { parseEntry, type StoredPart } from './stored-entry.ts';

/** One incoming entry: its position in the packed columns, and its segment. */
export interface IncomingLog {
  readonly from: ReadableEntries;
  readonly at: number;
  readonly segment: number;
}

/** One incoming row. */
export interface Incoming extends IncomingLog {
  readonly path: string;
  /** Null for a log with only the standard facts: columns and name contain them all. */
  readonly more: RowMore | null;
}

/** Facts of a row that is a session, or has more than the standard ones. */
export interface RowMore extends FacetValues {
  readonly part: string | null;
  readonly session: string | null;
  readonly view: number;
  readonly day: number;
  readonly moment: number;
  /** It exists in a commit, not as a file. */
  readonly committed: boolean;
  /** The JSON of a part; null for a log, whose text is in the packed columns. */
  readonly text: string | null;
}

/** The key of a row within its machine. */
export function rowKey(path: string, part: string | null): string {
  return part === null ? path : `${path}\0${part}`;
}

/** The rows of the entries: one per log, and one per session inside it. */
export function rowsOf(logs: ReadonlyMap<string, IncomingLog>): Map<string, Incoming> {
  const rows = new Map<string, Incoming>();
  for (const [path, { from, at, segment }] of logs) {
    if (((from.marks[at] as number) & MORE) === 0) {
      rows.set(path, { from, at, segment, path, more: null });
      continue;
    }
    const entry = parseEntry(textAt(from, at));
    const day = from.days[at] as number;
    rows.set(path, { from, at, segment, path, more: moreOf(path, entry, day) });
    for (const part of partsOf(entry))
      rows.set(rowKey(path, part.id), { from, at, segment, path, more: moreOfPart(entry, part, day) });
  }
  return rows;
}

function moreOf(path: string, entry: StoredEntry, day: number): RowMore {
  const { user, project, client } = entryFacts(entry, parseLogName(path));
  return {
    part: null,
    session: sessionOf(entry),
    view: isNoSession(entry, path) ? HIDDEN : 0,
    day,
    moment: momentOf(entry.time, entry),
    committed: entry.commit !== undefined,
    ...facetValues(user, project, client),
    text: null,
  };
}

function moreOfPart(entry: StoredEntry, part: SessionPart, day: number): RowMore {
  const ownDay = dayNumber(part.date);
  const { size, mtime, sha256, stored, commit } = entry;
  const { title, author, user, project, client, time, notes } = part;
  const text: StoredPart = {
    size,
    mtime,
    sha256,
    stored,
    date: ownDay === null ? entry.date : part.date,
    title,
    author,
    sessions: 1,
    notes: [],
    user,
    project,
    client,
    noted: notes,
    ...(time === null ? {} : { time }),
    ...(commit === undefined ? {} : { commit }),
  };
  return {
    part: part.id,
    session: joinId(part.id),
    view: PART,
    day: ownDay ?? day,
    moment: momentOf(time, entry),
    committed: commit !== undefined,
    ...facetValues(user, project, client),
    text: JSON.stringify(text),
  };
}

/** The sort key of rows within a day. */
export function momentOf(time: number | null | undefined, { mtime }: Pick<StoredEntry, 'mtime'>): number {
  return Number.isSafeInteger(time) ? (time as number) : mtime;
}

/** Names as columns can store them: SQLite would truncate them at a NUL, and cannot store lone surrogates. */
export function facetValues(user: string | null, project: string | null, client: string | null): FacetValues {
  return { user: columnText(user), project: columnText(project), client: columnText(client) };
}

function columnText(value: string | null): string | null {
  return value === null ? null : value.replaceAll(/[\0\ud800-\udfff]/gu, '\ufffd');
}
