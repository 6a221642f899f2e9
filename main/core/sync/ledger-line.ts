import type { CalendarDate, LogPath } from '../../../shared/domain/ids.ts';
import type { NoteEntry } from '../../../shared/domain/log-entry.ts';
import type { LedgerRow, PublishedShard } from './ledger.ts';

export type LedgerLine =
  | { readonly kind: 'row'; readonly row: LedgerRow }
  | { readonly kind: 'published'; readonly published: PublishedShard }
  | { readonly kind: 'intent'; readonly intent: string };

type RowTuple = [
  path: string,
  size: number,
  mtime: number,
  crc32c: number | null,
  sha256: string,
  storedSize: number,
  storedCrc32c: string,
  generation: string,
  date: string,
  title: string | null,
  author: string | null,
  sessions: number,
  notes: readonly NoteEntry[] | 0,
  goneSince: number,
];

/** One row as one line: an array, because ten thousand rows are read at every start and keys would double them. */
export function encodeRow(row: LedgerRow): string {
  const { entry } = row;
  const tuple: RowTuple = [
    entry.path,
    entry.size,
    entry.mtime,
    row.crc32c,
    entry.sha256,
    entry.stored.size,
    entry.stored.crc32c,
    entry.stored.generation,
    entry.date,
    entry.title,
    entry.author,
    entry.sessions,
    entry.notes.length === 0 ? 0 : entry.notes,
    row.goneSince,
  ];
  return JSON.stringify(tuple);
}

/**
 * Undoes {@link encodeRow}. Checks the shape only: the file is our own, and a damaged line is dropped, which costs a look at the store.
 */
export function decodeLine(value: unknown): LedgerLine | null {
  if (Array.isArray(value))
    return value.length === 14 && typeof value[0] === 'string'
      ? { kind: 'row', row: decodeRow(value as RowTuple) }
      : null;
  if (typeof value !== 'object' || value === null) return null;
  if ('published' in value && isPublished(value.published))
    return { kind: 'published', published: value.published };
  if ('intent' in value && typeof value.intent === 'string') return { kind: 'intent', intent: value.intent };
  return null;
}

function decodeRow(tuple: RowTuple): LedgerRow {
  const [
    path,
    size,
    mtime,
    crc32c,
    sha256,
    storedSize,
    storedCrc32c,
    generation,
    date,
    title,
    author,
    sessions,
    notes,
    goneSince,
  ] = tuple;
  return {
    crc32c,
    goneSince,
    entry: {
      path: path as LogPath,
      size,
      mtime,
      sha256,
      stored: { size: storedSize, crc32c: storedCrc32c, generation },
      date: date as CalendarDate,
      title,
      author,
      sessions,
      notes: notes === 0 ? [] : notes,
    },
  };
}

function isPublished(value: unknown): value is PublishedShard {
  const shard = value as Partial<PublishedShard> | null;
  return (
    typeof shard === 'object' &&
    shard !== null &&
    typeof shard.seq === 'number' &&
    typeof shard.generation === 'string' &&
    Array.isArray(shard.segments)
  );
}
