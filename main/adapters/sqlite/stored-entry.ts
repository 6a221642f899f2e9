import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { DamagedIndex } from './index-faults.ts';

/** An entry as the tables hold it: the path has its own column. */
export type StoredEntry = Omit<LogEntry, 'path'>;

/** Looks whether a value is an entry. If not it was damaged on disk, for only {@link packEntries} writes them. */
export function checkEntry(value: unknown): StoredEntry {
  const entry = value as StoredEntry | null;
  if (
    typeof entry?.sha256 === 'string' &&
    typeof entry.date === 'string' &&
    typeof entry.stored?.generation === 'string' &&
    Array.isArray(entry.notes)
  )
    return entry;
  throw new DamagedIndex('an entry cannot be read');
}

/** Writes the `entry` column. The fields are named, because to copy "all but the path" costs as much as the writing. */
export function entryText(entry: StoredEntry): string {
  const { size, mtime, sha256, stored, date, title, author, sessions, notes } = entry;
  return JSON.stringify({ size, mtime, sha256, stored, date, title, author, sessions, notes });
}

/** Reads the `entry` column. */
export function parseEntry(json: string): StoredEntry {
  try {
    return checkEntry(JSON.parse(json));
  } catch {
    throw new DamagedIndex('an entry cannot be read');
  }
}
