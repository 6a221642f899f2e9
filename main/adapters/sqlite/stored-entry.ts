import type { StoredEntry } from '../../core/ports/packed-entries.ts';
import { DamagedIndex } from './index-faults.ts';

/** Looks whether a value is an entry. If not it was damaged on disk, for only packed entries are written. */
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

/** Reads the `entry` column. */
export function parseEntry(json: string): StoredEntry {
  try {
    return checkEntry(JSON.parse(json));
  } catch {
    throw new DamagedIndex('an entry cannot be read');
  }
}
