import { parseCalendarDate, type CalendarDate, type LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { noteEntries, readLogText } from '../../../shared/domain/log-text.ts';
import type { Measured } from '../ports/files.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Bytes of a log that are read for its title and notes. Larger logs are kept whole, but described by their beginning. */
const DESCRIBED_BYTES = 8 * 1024 * 1024;
const TITLE_LIMIT = 500;

/** What `entry.stored` says of a log that waits for its first push. */
export const NOT_STORED: LogEntry['stored'] = { size: 0, crc32c: '', generation: '' };

/** Reads from a log what the index shows of it: title, author, day, sessions, notes. */
export async function describeLog(
  deps: Pick<SyncDeps, 'self' | 'bytes'>,
  path: LogPath,
  measured: Measured,
  stored: LogEntry['stored'],
): Promise<LogEntry> {
  const text = new TextDecoder().decode(await beginning(measured));
  const parsed = readLogText(text, path);
  const name = parseLogName(path);
  const date = name.date ?? frontMatterDay(parsed.frontMatter) ?? localDay(measured.mtimeMs);
  return {
    path,
    size: measured.size,
    mtime: Math.floor(measured.mtimeMs),
    sha256: measured.sha256,
    stored,
    date,
    title: parsed.title?.slice(0, TITLE_LIMIT) ?? null,
    author: parsed.author?.slice(0, 200) ?? null,
    sessions: parsed.sessions,
    notes: noteEntries(parsed, {
      machine: deps.self.uuid,
      date,
      fallbackFrom: parsed.user ?? name.user ?? deps.self.hostname,
      sha256: (value) => deps.bytes.sha256(new TextEncoder().encode(value)),
    }),
  };
}

function frontMatterDay(front: {
  readonly date: string | null;
  readonly created: string | null;
}): CalendarDate | null {
  const day = parseCalendarDate((front.date ?? front.created ?? '').slice(0, 10));
  return day.ok ? day.value : null;
}

/** The calendar day of an instant where this machine stands: the day a person would call it. */
export function localDay(epochMs: number): CalendarDate {
  const day = new Date(epochMs);
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  return `${pad(day.getFullYear(), 4)}-${pad(day.getMonth() + 1, 2)}-${pad(day.getDate(), 2)}` as CalendarDate;
}

async function beginning(measured: Measured): Promise<Uint8Array> {
  if (measured.source.bytes) return measured.source.bytes;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of measured.source.stream()) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= DESCRIBED_BYTES) break;
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
