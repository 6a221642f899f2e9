import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { SESSION_PART_LIMIT, type SessionPart } from '../../../shared/domain/log-entry.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import type { LogSession } from '../../../shared/domain/log-text/log-reader.ts';
import type { LogText } from '../../../shared/domain/log-text.ts';
import { isSessionLog } from '../../../shared/domain/session-log-path.ts';
import { userSlug } from '../../../shared/domain/topic-slug.ts';

/** Short names of known people, as `userSlug` makes them. */
export type People = ReadonlySet<string>;

/** Maximum title length in a shard. */
export const TITLE_LIMIT = 500;
/** Maximum length of a name (person, project, client). */
export const FACT_LIMIT = 200;
/** A daily log may have hundreds of sessions: their titles must not dominate a shard's size. */
const PART_TITLE_LIMIT = 200;

/** Inputs for describing a daily log's sessions. */
export interface PartContext {
  /** Day of the daily log. */
  readonly date: CalendarDate;
  /** The local day of an instant, epoch milliseconds. */
  readonly dayOf: (time: number) => CalendarDate;
  readonly people: People;
}

/** The sessions of a daily log as in its shard: the first `SESSION_PART_LIMIT`. */
export function sessionParts(parsed: LogText, context: PartContext): readonly SessionPart[] {
  return parsed.entries.slice(0, SESSION_PART_LIMIT).map((session) => partOf(session, parsed, context));
}

function partOf(session: LogSession, parsed: LogText, { date, dayOf, people }: PartContext): SessionPart {
  const name = parseLogName(innerPath(session.log ?? ''));
  return {
    id: session.id,
    time: session.time,
    date: session.logDate ?? name.date ?? (session.time === null ? date : dayOf(session.time)),
    title: session.focus?.slice(0, PART_TITLE_LIMIT) ?? null,
    author: session.author?.slice(0, FACT_LIMIT) ?? null,
    user: userOf(session, name.user, people),
    project: name.project?.slice(0, FACT_LIMIT) ?? null,
    client: name.client?.slice(0, FACT_LIMIT) ?? null,
    line: session.ranges[0]?.[0] ?? 1,
    notes: notesIn(session, parsed),
  };
}

/** `harbor/session-logs/x.md` starts with the workspace; only the path inside counts. */
function innerPath(log: string): string {
  const inner = log.slice(log.indexOf('/') + 1);
  return isSessionLog(inner) && !isSessionLog(log) ? inner : log;
}

function notesIn({ ranges }: LogSession, { notes }: LogText): number {
  return notes.filter(({ line }) => ranges.some(([first, last]) => line >= first && line <= last)).length;
}

/**
 * The writer's short name: the stated one, else the word in the file's name, if that is a known person or part of the author's own name.
 * @param named the word of the file's name where people write their names
 */
export function userOf(
  { user, author }: Pick<LogText, 'user' | 'author'>,
  named: string | null,
  people: People,
): string | null {
  if (user !== null && user.trim() !== '') return user.trim().slice(0, FACT_LIMIT);
  if (named === null) return null;
  const slug = userSlug(named);
  if (slug === '') return null;
  return people.has(slug) ||
    userSlug(author ?? '')
      .split('_')
      .includes(slug)
    ? named
    : null;
}
