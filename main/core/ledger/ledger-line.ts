import type { CalendarDate, LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry, NoteEntry } from '../../../shared/domain/log-entry.ts';
import type { LedgerRow, PublishedShard } from './ledger.ts';

export type LedgerLine =
  | { readonly kind: 'row'; readonly path: LogPath; readonly row: LedgerRow }
  | { readonly kind: 'published'; readonly published: PublishedShard }
  | { readonly kind: 'forgotten'; readonly path: LogPath }
  | { readonly kind: 'described'; readonly format: number }
  | { readonly kind: 'intent'; readonly intent: string };

/** Optional fields of an entry. */
type More = Omit<
  LogEntry,
  'path' | 'size' | 'mtime' | 'sha256' | 'stored' | 'date' | 'title' | 'author' | 'sessions' | 'notes'
>;

type Details = [
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
  more?: More,
];

/**
 * One row as one line: `path`, `size`, `mtime` and `goneSince` between tabs (no path holds one), then the rest as a JSON array. The
 * first four decide whether a log changed and are all that most commands ask of ten thousand rows, so the rest is parsed on demand.
 */
export function encodeRow(row: LedgerRow): string {
  if (row instanceof LineRow) return row.line;
  const { path, size, mtime, sha256, stored, date, title, author, sessions, notes, ...more } = row.entry;
  const details: Details = [
    row.crc32c,
    sha256,
    stored.size,
    stored.crc32c,
    stored.generation,
    date,
    title,
    author,
    sessions,
    notes.length === 0 ? 0 : notes,
  ];
  if (Object.keys(more).length > 0) details.push(more);
  return `${path}\t${size}\t${mtime}\t${row.goneSince}\t${JSON.stringify(details)}`;
}

/** Decodes {@link encodeRow}. Checks the shape only: the file is our own, and dropping a damaged line costs one request to the store. */
export function decodeLine(line: string): LedgerLine | null {
  if (line.startsWith('{')) return decodeFact(line);
  const first = line.indexOf('\t');
  const second = line.indexOf('\t', first + 1);
  const third = line.indexOf('\t', second + 1);
  const fourth = line.indexOf('\t', third + 1);
  if (first < 1 || second < 0 || third < 0 || fourth < 0 || !line.endsWith(']')) return null;
  const path = line.slice(0, first) as LogPath;
  return {
    kind: 'row',
    path,
    row: new LineRow(
      line,
      path,
      Number(line.slice(first + 1, second)),
      Number(line.slice(second + 1, third)),
      Number(line.slice(third + 1, fourth)),
      fourth + 1,
    ),
  };
}

function decodeFact(line: string): LedgerLine | null {
  try {
    const value = JSON.parse(line) as {
      published?: unknown;
      forgotten?: unknown;
      described?: unknown;
      intent?: unknown;
    };
    if (isPublished(value.published)) return { kind: 'published', published: value.published };
    if (typeof value.forgotten === 'string') return { kind: 'forgotten', path: value.forgotten as LogPath };
    if (typeof value.described === 'number') return { kind: 'described', format: value.described };
    return typeof value.intent === 'string' ? { kind: 'intent', intent: value.intent } : null;
  } catch {
    return null;
  }
}

/**
 * A row in its file form, parsed on each access: the parsed parts of 50,000 rows would take as much memory as the program. A class because
 * ten thousand closures would cost what it saves.
 */
class LineRow implements LedgerRow {
  readonly line: string;
  readonly path: LogPath;
  readonly size: number;
  readonly mtime: number;
  readonly goneSince: number;
  readonly #detailsAt: number;

  constructor(
    line: string,
    path: LogPath,
    size: number,
    mtime: number,
    goneSince: number,
    detailsAt: number,
  ) {
    this.line = line;
    this.path = path;
    this.size = size;
    this.mtime = mtime;
    this.goneSince = goneSince;
    this.#detailsAt = detailsAt;
  }

  get crc32c(): number | null {
    return this.#read()[0];
  }

  get entry(): LogEntry {
    const [, sha256, storedSize, storedCrc32c, generation, date, title, author, sessions, notes, more] =
      this.#read();
    const { path, size, mtime } = this;
    return {
      path,
      size,
      mtime,
      sha256,
      stored: { size: storedSize, crc32c: storedCrc32c, generation },
      date: date as CalendarDate,
      title,
      author,
      sessions,
      notes: notes === 0 ? [] : notes,
      ...more,
    };
  }

  /** A line with a damaged end is a row without known facts: an unknown checksum makes the engine ask the store. */
  #read(): Details {
    try {
      return JSON.parse(this.line.slice(this.#detailsAt)) as Details;
    } catch {
      return [null, '', 0, '', '0', '1970-01-01', null, null, 1, 0];
    }
  }
}

function isPublished(value: unknown): value is PublishedShard {
  const shard = value as Partial<PublishedShard> | null | undefined;
  return (
    typeof shard === 'object' &&
    shard !== null &&
    typeof shard.seq === 'number' &&
    typeof shard.generation === 'string' &&
    Array.isArray(shard.segments)
  );
}
