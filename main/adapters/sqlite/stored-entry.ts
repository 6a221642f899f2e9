import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { DamagedIndex } from './index-faults.ts';

/** An entry as the tables hold it: the path has its own column. */
export type StoredEntry = Omit<LogEntry, 'path'>;

/** Reads the `entry` column. What does not look like one was damaged on disk, for only {@link packEntries} writes it. */
export function parseEntry(json: string): StoredEntry {
  try {
    const entry = JSON.parse(json) as StoredEntry;
    if (
      typeof entry.sha256 === 'string' &&
      typeof entry.stored.generation === 'string' &&
      Array.isArray(entry.notes)
    )
      return entry;
  } catch {
    // Told below.
  }
  throw new DamagedIndex('an entry cannot be read');
}

/** Reads the `host` column: JSON, because a host's name is another machine's text and may hold what SQLite cuts off. */
export function parseHost(json: unknown): string {
  try {
    const host = JSON.parse(String(json)) as unknown;
    if (typeof host === 'string') return host;
  } catch {
    // Told below.
  }
  throw new DamagedIndex('the name of a host cannot be read');
}
