import { decodeLog } from '../../../shared/domain/decode-log.ts';
import type { CalendarDate, LogPath } from '../../../shared/domain/ids.ts';
import { factsToSay } from '../../../shared/domain/entry-facts.ts';
import { TAG_LIMIT, type LogEntry } from '../../../shared/domain/log-entry.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { noteEntries } from '../../../shared/domain/log-notes.ts';
import { readLogText, type LogText } from '../../../shared/domain/log-text.ts';
import type { ByteSource } from '../ports/byte-source.ts';
import type { Measured } from '../ports/files.ts';
import { zonedTime } from '../../../shared/domain/zoned-time.ts';
import { FACT_LIMIT, sessionParts, TITLE_LIMIT, userOf, type People } from './describe-sessions.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** Bytes of a log parsed for its title and notes. Larger logs are kept whole, but described by their beginning. */
const DESCRIBED_BYTES = 8 * 1024 * 1024;
const TAG_LENGTH = 60;

/** `entry.stored` of a log waiting for its first push. */
export const NOT_STORED: LogEntry['stored'] = { size: 0, crc32c: '', generation: '' };

/** A log as read. */
export interface LogToDescribe extends Pick<Measured, 'size' | 'mtimeMs' | 'sha256' | 'shown'> {
  readonly source: Pick<ByteSource, 'bytes' | 'stream'>;
}

/** What describing needs of the engine. */
export type DescribeDeps = Pick<SyncDeps, 'self' | 'bytes' | 'surroundings'>;

/** Extracts from a log what the index shows: title, people, day, sessions, notes. */
export async function describeLog(
  deps: DescribeDeps,
  path: LogPath,
  measured: LogToDescribe,
  stored: LogEntry['stored'],
): Promise<LogEntry> {
  const text = decodeLog(await beginning(measured));
  const parsed = readLogText(text, path);
  const people = await deps.surroundings.knownPeople();
  const zone = deps.surroundings.timeZone();
  const date = parsed.day?.date ?? dayIn(measured.mtimeMs, zone);
  const author = parsed.author?.slice(0, FACT_LIMIT) ?? null;
  const facts = factsOf(parsed, path, people);
  return detached({
    path,
    size: measured.size,
    mtime: Math.floor(measured.mtimeMs),
    sha256: measured.sha256,
    stored,
    date,
    title: parsed.title?.slice(0, TITLE_LIMIT) ?? null,
    author,
    sessions: parsed.sessions,
    notes: noteEntries(parsed, {
      machine: deps.self.uuid,
      date,
      fallbackFrom: parsed.user ?? facts.user ?? deps.self.hostname,
      sha256: (value) => deps.bytes.sha256(new TextEncoder().encode(value)),
    }),
    ...factsToSay(facts, author, parseLogName(path)),
    ...more(parsed),
    ...(parsed.day === null ? { dateFrom: 'file' } : {}),
    ...(parsed.entries.length > 0
      ? { parts: sessionParts(parsed, { date, dayOf: (time) => dayIn(time, zone), people }) }
      : {}),
  });
}

/**
 * Copies its strings. V8 keeps a slice as a view of its string, so the titles of ten thousand logs would keep all their texts in memory.
 */
function detached(entry: LogEntry): LogEntry {
  return JSON.parse(JSON.stringify(entry)) as LogEntry;
}

function factsOf(
  parsed: LogText,
  path: LogPath,
  people: People,
): Record<'user' | 'project' | 'client', string | null> {
  return {
    user: userOf(parsed, parseLogName(path).user, people),
    project: parsed.project?.slice(0, FACT_LIMIT) ?? null,
    client: parsed.client?.slice(0, FACT_LIMIT) ?? null,
  };
}

function more({ session, time, tags }: LogText): Partial<Pick<LogEntry, 'session' | 'time' | 'tags'>> {
  return {
    ...(session === null ? {} : { session }),
    ...(time === null ? {} : { time }),
    ...(tags.length === 0 ? {} : { tags: tags.slice(0, TAG_LIMIT).map((tag) => tag.slice(0, TAG_LENGTH)) }),
  };
}

/** The calendar day of an instant in this machine's zone: the day a person would name. */
export function localDay(epochMs: number): CalendarDate {
  const day = new Date(epochMs);
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  return `${pad(day.getFullYear(), 4)}-${pad(day.getMonth() + 1, 2)}-${pad(day.getDate(), 2)}` as CalendarDate;
}

/** The calendar day of an instant in a zone (IANA name; empty or unknown for the system's). */
function dayIn(epochMs: number, zone: string): CalendarDate {
  const time = zone === '' ? null : zonedTime(epochMs, zone);
  return time?.ok ? time.value.date : localDay(epochMs);
}

async function beginning({ source, shown }: LogToDescribe): Promise<Uint8Array> {
  const { bytes, stream } = shown ?? source;
  if (bytes) return bytes;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream()) {
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
