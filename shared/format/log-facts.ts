import type { LogRow } from '../domain/log-query.ts';
import { clockTime, dayOf } from './time.ts';

/**
 * The time of day of a row's session, `14:02`; null when unknown. Never the file's time: for a copied or restored log it would be that of
 * the copy. A time on another day than the row's (the writer was in another zone) would contradict the heading above it.
 * @param timeZone IANA name of the reader's zone
 */
export function sessionTime(row: Pick<LogRow, 'time' | 'date'>, timeZone: string): string | null {
  if (row.time === null || dayOf(row.time, timeZone) !== row.date) return null;
  return clockTime(row.time, timeZone);
}

/** Author of a session: the full name if known, else the short one. */
export function personOf(row: Pick<LogRow, 'author' | 'user'>): string | null {
  return row.author ?? row.user;
}

/** Author, subject and machine of a session, as lists show them below the title. */
export function rowFacts(
  row: Pick<LogRow, 'author' | 'user' | 'project' | 'client' | 'host'>,
  show: { readonly host: boolean },
): string {
  return [personOf(row), row.project ?? row.client, show.host ? row.host : null]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}

/** True for a log that is in no machine's index but only in a local workspace: git stores it, so it is never pushed to the store. */
export function isOnlyInWorkspace(row: Pick<LogRow, 'place' | 'copies'>): boolean {
  return (row.place === 'workspace' || row.place === 'git') && row.copies === 0;
}
