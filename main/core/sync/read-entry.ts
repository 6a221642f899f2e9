import * as v from 'valibot';
import { parseCalendarDate, type CalendarDate, type LogPath } from '../../../shared/domain/ids.ts';
import {
  NOTE_TEXT_LIMIT,
  SESSION_PART_LIMIT,
  TAG_LIMIT,
  type LogEntry,
  type NoteEntry,
  type SessionPart,
} from '../../../shared/domain/log-entry.ts';
import { foldPath, parseLogPath } from '../../../shared/domain/log-path.ts';
import { isSessionId } from '../../../shared/domain/session-parts.ts';
import { NOTE_LIMIT } from './shard-limits.ts';

const HASH = /^[0-9a-f]{64}$/;
const GENERATION = /^\d{0,20}$/;
const CRC_LIMIT = 16;
/** Characters of a title, and of a name. */
export const TITLE_LIMIT = 500;
export const NAME_LIMIT = 200;
const TAG_LENGTH = 60;
/** The latest valid date, epoch milliseconds; the earliest is as far from 0. */
const LAST_MOMENT = 8.64e15;

/** A number of things or bytes. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A SHA-256 in hexadecimal. */
export const hash = v.pipe(v.string(), v.regex(HASH));
/** Text from strangers: too long is truncated, not refused. */
export const text = (limit: number): v.GenericSchema<string, string> =>
  v.pipe(
    v.string(),
    v.transform((value) => value.slice(0, limit)),
  );
const date = v.pipe(
  v.string(),
  v.check((value) => parseCalendarDate(value).ok),
);
const noteSchema = v.object({
  hash,
  to: text(NAME_LIMIT),
  from: text(NAME_LIMIT),
  date,
  line: count,
  text: text(NOTE_TEXT_LIMIT),
  truncated: v.boolean(),
});
const moment = v.pipe(v.number(), v.safeInteger(), v.minValue(-LAST_MOMENT), v.maxValue(LAST_MOMENT));
const name = v.nullable(text(NAME_LIMIT));
const sessionId = v.pipe(
  v.string(),
  v.check((value) => isSessionId(value)),
);
const partSchema = v.object({
  id: sessionId,
  time: v.nullish(moment, null),
  date,
  title: v.nullish(text(TITLE_LIMIT), null),
  author: v.nullish(text(NAME_LIMIT), null),
  user: v.nullish(text(NAME_LIMIT), null),
  project: v.nullish(text(NAME_LIMIT), null),
  client: v.nullish(text(NAME_LIMIT), null),
  line: count,
  notes: count,
});
/** A list with unchecked items: there may be a million. */
export const anyList = v.custom<readonly unknown[]>((value) => Array.isArray(value));
/** Optional fields of an entry: each checked separately, and omitted if invalid. In our writing order. */
const moreSchemas = {
  session: sessionId,
  time: moment,
  dateFrom: v.literal('file'),
  user: name,
  project: name,
  client: name,
  tags: v.pipe(
    anyList,
    v.transform((values) => readTags(values)),
    v.minLength(1),
  ),
  parts: v.pipe(
    anyList,
    v.transform((values) => readParts(values)),
    v.minLength(1),
  ),
} as const;
const MORE = Object.keys(moreSchemas) as readonly (keyof typeof moreSchemas)[];

/** The schema of an entry: the reference for {@link readEntry}. */
export const entrySchema = v.object({
  path: v.pipe(
    v.string(),
    v.check((value) => parseLogPath(value).ok),
  ),
  size: count,
  mtime: v.pipe(v.number(), v.safeInteger()),
  sha256: hash,
  stored: v.object({
    size: count,
    crc32c: v.pipe(v.string(), v.maxLength(CRC_LIMIT)),
    generation: v.pipe(v.string(), v.regex(GENERATION)),
  }),
  date,
  title: v.nullable(text(TITLE_LIMIT)),
  author: v.nullable(text(NAME_LIMIT)),
  sessions: count,
  notes: anyList,
});

/** Returns why an entry may not be beside those before it; null when it may. */
export type TwinCheck = (path: string) => string | null;

/** Creates the check for one list: no two entries may name one file where names are folded. */
export function twinCheck(): TwinCheck {
  const seen = new Set<string>();
  return (path) => {
    const before = seen.size;
    return seen.add(foldPath(path)).size === before
      ? 'two entries would land on one file on some machines'
      : null;
  };
}

/** A parsed JSON object with an entry's possible fields. */
type PlainObject = Partial<Record<keyof LogEntry, unknown>>;

/** An entry, or why there is none. */
export type ReadEntry = { readonly entry: LogEntry } | { readonly refused: string };

/**
 * Reads one entry of another machine's shard: hostile until parsed. Drops unknown fields and invalid notes.
 * @param value from JSON
 */
export function readEntry(value: unknown): ReadEntry {
  const plain = plainEntry(value);
  if (plain !== null) return { entry: plain };
  const read = v.safeParse(entrySchema, value);
  if (read.success)
    return { entry: withMore(withNotes(read.output as unknown as LogEntry), value as PlainObject) };
  const nested = v.flatten(read.issues).nested;
  return {
    refused: nested ? `an entry is not valid at ${Object.keys(nested).join(', ')}` : 'an entry is not valid',
  };
}

/**
 * The schema's answer for entries that our own program writes, five times as fast: a whole team's first pull reads hundreds of thousands.
 * Null leaves the decision to the schema, so only the schema defines what is valid.
 */
export function plainEntry(value: unknown): LogEntry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { path, size, mtime, sha256, stored, date, title, author, sessions, notes } = value as PlainObject;
  if (!isCount(size) || !Number.isSafeInteger(mtime) || !isCount(sessions)) return null;
  if (typeof sha256 !== 'string' || !HASH.test(sha256)) return null;
  if (!isText(title, TITLE_LIMIT) || !isText(author, NAME_LIMIT) || !Array.isArray(notes)) return null;
  if (typeof path !== 'string' || !parseLogPath(path).ok || !parseCalendarDate(date).ok) return null;
  const proof = plainStored(stored);
  if (proof === null) return null;
  const entry = withNotes({
    path: path as LogPath,
    size,
    mtime: mtime as number,
    sha256,
    stored: proof,
    date: date as CalendarDate,
    title,
    author,
    sessions,
    notes,
  });
  return withMore(entry, value);
}

function plainStored(value: unknown): LogEntry['stored'] | null {
  if (typeof value !== 'object' || value === null) return null;
  const { size, crc32c, generation } = value as Partial<Record<keyof LogEntry['stored'], unknown>>;
  if (!isCount(size) || typeof crc32c !== 'string' || crc32c.length > CRC_LIMIT) return null;
  if (typeof generation !== 'string' || !GENERATION.test(generation)) return null;
  return { size, crc32c, generation };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown, limit: number): value is string | null {
  return value === null || (typeof value === 'string' && value.length <= limit);
}

function withNotes(entry: Omit<LogEntry, 'notes'> & { readonly notes: readonly unknown[] }): LogEntry {
  if (entry.notes.length === 0) return entry as LogEntry;
  const notes = entry.notes.slice(0, NOTE_LIMIT).flatMap((candidate) => {
    const parsed = v.safeParse(noteSchema, candidate);
    return parsed.success ? [parsed.output as NoteEntry] : [];
  });
  return { ...entry, notes };
}

function withMore(entry: LogEntry, value: PlainObject): LogEntry {
  const more: Partial<Record<keyof LogEntry, unknown>> = {};
  let some = false;
  for (const field of MORE) {
    // Most entries lack all of these.
    if (value[field] === undefined) continue;
    const parsed = v.safeParse(moreSchemas[field], value[field]);
    if (!parsed.success) continue;
    more[field] = parsed.output;
    some = true;
  }
  return some ? { ...entry, ...(more as Partial<LogEntry>) } : entry;
}

function readTags(values: readonly unknown[]): string[] {
  const tags: string[] = [];
  for (const value of values.slice(0, TAG_LIMIT))
    if (typeof value === 'string') tags.push(value.slice(0, TAG_LENGTH));
  return tags;
}

/** Reads only the first parts, however many there are. Skips repeated ids. */
function readParts(values: readonly unknown[]): SessionPart[] {
  const parts = new Map<string, SessionPart>();
  for (const value of values.slice(0, SESSION_PART_LIMIT)) {
    const parsed = v.safeParse(partSchema, value);
    if (parsed.success && !parts.has(parsed.output.id))
      parts.set(parsed.output.id, parsed.output as SessionPart);
  }
  return [...parts.values()];
}
