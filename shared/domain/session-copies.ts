import { addTo } from '../group-by.ts';
import { capturedAgent } from './captured-log.ts';
import { LOG_PLACES, type LogRow } from './log-query.ts';

/**
 * Maximum rows joined by one session id. An id claimed by more rows is ignored, and each stands alone, so that no shard can make the
 * index sort a million rows for one.
 */
export const COPY_LIMIT = 200;

/** One place where a session is available, according to its own log or daily log. */
export interface SessionCopy {
  readonly row: LogRow;
  /** It is in a workspace of this machine, not in a machine's shard. */
  readonly workspace: boolean;
  /** It is a session inside a daily log. */
  readonly part: boolean;
}

const FACTS = ['title', 'topic', 'author', 'user', 'project', 'client', 'time'] as const;

/**
 * Joins rows with the same session id. Two people with one id are two sessions; rows that name no person are joined where that is
 * unambiguous.
 * @param copies all rows with the id
 * @returns the sessions; the row to show comes first in each
 */
export function joinCopies(copies: readonly SessionCopy[]): readonly (readonly SessionCopy[])[] {
  if (copies.length > COPY_LIMIT) return copies.map((copy) => [copy]);
  const { persons, nobody } = byPerson(copies);
  const [only] = persons;
  const sessions =
    persons.length > 1 ? [...persons, ...nobody.map((copy) => [copy])] : [[...(only ?? []), ...nobody]];
  return sessions.filter((session) => session.length > 0).map((session) => session.sort(byClaim));
}

/**
 * Returns a copy's row, with facts that only other copies of its session have filled in.
 * @param session all copies, the shown one first
 */
export function copyRow(copy: SessionCopy, session: readonly SessionCopy[]): LogRow {
  const row: Record<string, unknown> = { ...copy.row };
  for (const fact of FACTS)
    row[fact] ??= session.find((other) => other.row[fact] !== null)?.row[fact] ?? null;
  const { tags } = copy.row.tags.length > 0 ? copy.row : (session.find(isTagged)?.row ?? copy.row);
  const notes = Math.max(...session.map((other) => other.row.notes));
  return { ...(row as unknown as LogRow), tags, notes, copies: session.length - 1 };
}

/**
 * Returns the row to show for a session.
 * @param session all copies, the shown one first
 */
export function sessionRow(session: readonly [SessionCopy, ...SessionCopy[]]): LogRow {
  const rows = session.map((copy) => copy.row);
  const place = LOG_PLACES.find((one) => rows.some((row) => row.place === one)) ?? 'store';
  return {
    ...copyRow(session[0], session),
    place,
    commit: rows.find((row) => row.place === place)?.commit ?? null,
    backedUp: rows.some((row) => row.backedUp),
    stale: place === 'cached' && rows.every((row) => row.place !== 'cached' || row.stale),
  };
}

/** Returns the copies of a session, fullest and nearest first: its own log before a part, and this disk before the store. */
export function byFullness(session: readonly SessionCopy[]): readonly SessionCopy[] {
  const rank = ({ row, part }: SessionCopy): number =>
    (row.place === 'store' ? 32 : 0) +
    (capturedAgent(row.path) === null ? 0 : 16) +
    (part ? 8 : 0) +
    LOG_PLACES.indexOf(row.place);
  return [...session].sort((a, b) => rank(a) - rank(b) || compare(a.row.id, b.row.id));
}

/** Whether it was captured: any hand-written log of the session takes precedence. */
function isCaptured({ row }: SessionCopy): boolean {
  return capturedAgent(row.path) !== null;
}

/** Order of precedence: hand-written before captured, the writing machine before a workspace with a copy, a file before a commit, its log before a part, an earlier day before later ones. */
function byClaim(a: SessionCopy, b: SessionCopy): number {
  return (
    Number(isCaptured(a)) - Number(isCaptured(b)) ||
    Number(a.workspace) - Number(b.workspace) ||
    Number(a.row.place === 'git') - Number(b.row.place === 'git') ||
    Number(a.part) - Number(b.part) ||
    compare(a.row.date, b.row.date) ||
    Number(a.row.place !== 'local') - Number(b.row.place !== 'local') ||
    compare(a.row.id, b.row.id)
  );
}

interface Persons {
  readonly persons: readonly SessionCopy[][];
  readonly nobody: readonly SessionCopy[];
}

/** Tells people apart: those who share a short name or a full name are one. */
function byPerson(copies: readonly SessionCopy[]): Persons {
  const above = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next;
    return root;
  };
  for (const { row } of copies) {
    const [first, second] = namesOf(row).map(rootOf);
    if (first !== undefined && second !== undefined && first !== second) above.set(second, first);
  }
  const persons = new Map<string, SessionCopy[]>();
  const nobody: SessionCopy[] = [];
  for (const copy of copies) {
    const [name] = namesOf(copy.row);
    if (name === undefined) nobody.push(copy);
    else addTo(persons, rootOf(name), copy);
  }
  return { persons: [...persons.values()], nobody };
}

function namesOf({ user, author }: LogRow): readonly string[] {
  const fold = (name: string): string => name.trim().toLowerCase();
  return [
    ...(user === null ? [] : [`user ${fold(user)}`]),
    ...(author === null ? [] : [`author ${fold(author)}`]),
  ];
}

function isTagged({ row }: SessionCopy): boolean {
  return row.tags.length > 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
