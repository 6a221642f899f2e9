import type { StoredEntry } from '../../core/ports/packed-entries.ts';
import { DamagedIndex } from './index-faults.ts';

/** The `entry` column of a session inside a log: what is known of it, and of the log's file. */
export interface StoredPart extends StoredEntry {
  /** Notes that stand in it; they themselves are the log's. */
  readonly noted: number;
}

/** Looks whether a value is an entry. If not it was damaged on disk, for only packed entries are written. */
export function checkEntry(value: unknown): StoredEntry | StoredPart {
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

/** Reads the `entry` column. */
export function parseEntry(json: string): StoredEntry | StoredPart {
  try {
    return checkEntry(JSON.parse(json));
  } catch {
    throw new DamagedIndex('an entry cannot be read');
  }
}
