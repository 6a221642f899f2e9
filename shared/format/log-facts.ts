import type { LogRow } from '../domain/log-query.ts';
import { clockTime, dayOf } from './time.ts';

/**
 * The time of day of a row's session, `14:02`; null where it is not known. Never the time of the file: a copy or a restored log would say
 * when it was copied. A time that falls on another day than the row's (the writer's zone was another one) would contradict the heading above it.
 * @param timeZone IANA name of the reader's zone
 */
export function sessionTime(row: Pick<LogRow, 'time' | 'date'>, timeZone: string): string | null {
  if (row.time === null || dayOf(row.time, timeZone) !== row.date) return null;
  return clockTime(row.time, timeZone);
}

/** Who a session is by: the full name where it is known, else the short one. */
export function personOf(row: Pick<LogRow, 'author' | 'user'>): string | null {
  return row.author ?? row.user;
}

/** Who a session is by, what it is about and where it was written, as lists show it below the title. */
export function rowFacts(
  row: Pick<LogRow, 'author' | 'user' | 'project' | 'client' | 'host'>,
  show: { readonly host: boolean },
): string {
  return [personOf(row), row.project ?? row.client, show.host ? row.host : null]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}

/** True for a log that no machine's index has, only a workspace here: git keeps it, so it is never pushed to the store. */
export function isOnlyInWorkspace(row: Pick<LogRow, 'place' | 'copies'>): boolean {
  return (row.place === 'workspace' || row.place === 'git') && row.copies === 0;
}
