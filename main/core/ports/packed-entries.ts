import type { LogEntry } from '../../../shared/domain/log-entry.ts';

/**
 * Entries on their way into the index: column by column, each in the text form in which it is stored. So an entry that came as text
 * is copied as text, and thousands of them are handed to another thread in a few pieces.
 */
export interface PackedEntries {
  readonly paths: readonly string[];
  /** UTF-8 that holds the {@link entryText} of each entry, from `starts` to `ends`; what lies between two of them is nobody's. */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** `yyyymmdd` as numbers. */
  readonly days: Int32Array;
  readonly mtimes: Float64Array;
  readonly sizes: Float64Array;
  /** {@link STORED}, {@link NOTED} or both. */
  readonly marks: Uint8Array;
}

/** The store has it. */
export const STORED = 1;
/** It holds notes. */
export const NOTED = 2;

/** An entry as the index holds it: the path has its own column. */
export type StoredEntry = Omit<LogEntry, 'path'>;

/** An entry without its path as JSON. The fields are named, because to copy "all but the path" costs as much as the writing. */
export function entryText(entry: StoredEntry): string {
  const { size, mtime, sha256, stored, date, title, author, sessions, notes } = entry;
  const { session, time, dateFrom, user, project, client, tags, parts } = entry;
  // JSON leaves out what is undefined.
  return JSON.stringify({
    size,
    mtime,
    sha256,
    stored,
    date,
    title,
    author,
    sessions,
    notes,
    session,
    time,
    dateFrom,
    user,
    project,
    client,
    tags,
    parts,
  });
}

/** The marks of an entry. */
export function marksOf({ stored, notes }: Pick<LogEntry, 'stored' | 'notes'>): number {
  return (stored.generation === '' ? 0 : STORED) | (notes.length > 0 ? NOTED : 0);
}
