import type { StoredEntry } from '../../core/ports/packed-entries.ts';
import { DamagedIndex } from './index-faults.ts';

/** The `entry` column of a session inside a log: its facts and those of the log's file. */
export interface StoredPart extends StoredEntry {
  /** Number of notes in it; the notes themselves belong to the log. */
  readonly noted: number;
}

/** Checks that a value is an entry. Otherwise it was damaged on disk, because only packed entries are written. */
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

/** Parses the `entry` column. */
export function parseEntry(json: string): StoredEntry | StoredPart {
  try {
    return checkEntry(JSON.parse(json));
  } catch {
    throw new DamagedIndex('an entry cannot be read');
  }
}
