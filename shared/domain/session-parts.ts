import { isAboutLogs } from './log-name.ts';
import { SESSION_PART_LIMIT, type LogEntry, type SessionPart } from './log-entry.ts';

const SESSION_ID = /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$/;
const UNNAMED = /^entry-\d+$/i;

/** True for a valid session id: short, and safe in a row's id. */
export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && SESSION_ID.test(value);
}

/** Returns the id for joining rows; null when it names no session (`entry-<n>` only counts the entries of one log). */
export function joinId(id: string | null | undefined): string | null {
  return isSessionId(id) && !UNNAMED.test(id) ? id : null;
}

/** The sessions inside a log that get rows: each id once, at most {@link SESSION_PART_LIMIT}. */
export function partsOf({ parts }: Pick<LogEntry, 'parts'>): readonly SessionPart[] {
  if (parts === undefined || parts.length === 0) return [];
  const byId = new Map<string, SessionPart>();
  for (const part of parts.slice(0, SESSION_PART_LIMIT))
    if (isSessionId(part.id) && !byId.has(part.id)) byId.set(part.id, part);
  return [...byId.values()];
}

/** The session of a log as a whole; null when it contains several, or none. */
export function sessionOf({ session, parts }: Pick<LogEntry, 'session' | 'parts'>): string | null {
  return parts === undefined || parts.length === 0 ? joinId(session) : null;
}

/** True when its session rows cover all of a daily log, so that it needs no row of its own. */
function isCovered(entry: Pick<LogEntry, 'sessions' | 'parts'>): boolean {
  const parts = partsOf(entry);
  return parts.length > 0 && parts.length === entry.sessions;
}

/**
 * True for a file without a row in a list of sessions: a daily log whose sessions have their own, and a file about the logs beside it (a
 * README, an index, a template), unless its text gives a session or a day.
 */
export function isNoSession(
  entry: Pick<LogEntry, 'sessions' | 'parts' | 'session' | 'dateFrom'>,
  path: string,
): boolean {
  if (isCovered(entry)) return true;
  const isUndated = entry.dateFrom === 'file' && partsOf(entry).length === 0 && sessionOf(entry) === null;
  return isUndated && isAboutLogs(path);
}
