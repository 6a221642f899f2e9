import type { LogEntry } from '../../../shared/domain/log-entry.ts';

/**
 * Entries for the index in columns, each in its stored text form. Entries that came as text are copied as text, and thousands move to
 * another thread in a few pieces.
 */
export interface PackedEntries {
  readonly paths: readonly string[];
  /** UTF-8 with each entry's {@link entryText}, from `starts` to `ends`; gaps between them are unused. */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** `yyyymmdd` as numbers. */
  readonly days: Int32Array;
  readonly mtimes: Float64Array;
  readonly sizes: Float64Array;
  /** Any of {@link STORED}, {@link NOTED}, {@link AUTHORED} and {@link MORE}. */
  readonly marks: Uint8Array;
}

/** The store has it. */
export const STORED = 1;
/** It holds notes. */
export const NOTED = 2;
/** It names its author. */
export const AUTHORED = 4;
/** It has fields beyond what every entry has: session, person, parts and the like. */
export const MORE = 8;

/** An entry as the index holds it: the path has its own column. */
export type StoredEntry = Omit<LogEntry, 'path'>;

/** Serialises an entry without its path. Fields are listed because copying "all but the path" costs as much as writing. */
export function entryText(entry: StoredEntry): string {
  const { size, mtime, sha256, stored, date, title, author, sessions, notes } = entry;
  const { session, time, dateFrom, user, project, client, tags, parts, commit } = entry;
  // JSON omits undefined fields.
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
    commit,
  });
}

/** Serialises a whole entry to JSON as segments hold it: the same entry always makes the same bytes. */
export function entryJson(entry: LogEntry): string {
  return `{"path":${JSON.stringify(entry.path)},${entryText(entry).slice(1)}`;
}

/** The marks of an entry. */
export function marksOf(entry: StoredEntry): number {
  const { stored, notes, author, session, time, dateFrom, user, project, client, tags, parts, commit } =
    entry;
  const more = session ?? time ?? dateFrom ?? tags ?? parts ?? commit;
  const isMore = more !== undefined || user !== undefined || project !== undefined || client !== undefined;
  return (
    (stored.generation === '' ? 0 : STORED) |
    (notes.length > 0 ? NOTED : 0) |
    (author === null ? 0 : AUTHORED) |
    (isMore ? MORE : 0)
  );
}
