import { dayNumber } from '../../../shared/domain/day-number.ts';
import { parseCalendarDate } from '../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { AUTHORED, entryText, marksOf, MORE, STORED, type PackedEntries } from '../ports/packed-entries.ts';
import { parseBoundedJson } from '../store/bounded-json.ts';
import { NAME_LIMIT, readEntry, TITLE_LIMIT, twinCheck, type TwinCheck } from './read-entry.ts';
import { REFUSED_LIMIT } from './shard-limits.ts';

/**
 * Reads a segment written by our own program without creating objects of its entries: their text is located in place, proved to be exactly
 * what {@link entryText} would write, and passed on unchanged. A whole team's first pull reads hundreds of thousands of entries, and
 * parsing and rewriting each was a third of all its work. An entry in any other form is read separately by {@link readEntry}.
 */

/** A segment's entries for the index, and what was dropped. */
export interface ScannedSegment {
  readonly entries: PackedEntries;
  readonly refused: readonly string[];
}

const BEGIN = /\{"schema":1,"month":"\d{4}-\d{2}","entries":\[/y;
const BEFORE_PATH = '{"path":"'.length;

// The text has one character per byte of UTF-8, so a limit on it is at least as strict as one on characters. Every part matches in one way
// only, and escapes are limited: the engine remembers each place to backtrack to.
const COUNT = String.raw`(?:0|[1-9]\d{0,14})`;
const PLAIN = String.raw`[^"\\\u0000-\u001f]`;
const TEXT = String.raw`null|"${PLAIN}*(?:\\["\\bfnrt]${PLAIN}*){0,100}"`;
const SESSION = String.raw`[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}`;
const ENTRY = new RegExp(
  String.raw`\{"path":"([^"\\\u0000-\u001f\u0080-\u00ff]+)","size":(${COUNT}),"mtime":(${COUNT}),"sha256":"[0-9a-f]{64}",` +
    String.raw`"stored":\{"size":${COUNT},"crc32c":"${PLAIN}{0,16}","generation":"(\d{0,20})"\},` +
    String.raw`"date":"(\d{4}-\d{2}-\d{2})","title":(${TEXT}),"author":(${TEXT}),"sessions":${COUNT},"notes":\[\]` +
    String.raw`(?:,"session":"(${SESSION})")?(?:,"time":(${COUNT}))?(?:,"dateFrom":"file")?` +
    String.raw`(?:,"user":(${TEXT}))?(?:,"project":(${TEXT}))?(?:,"client":(${TEXT}))?\}`,
  'y',
);
const QUOTES = 2;
const END_OF_PLAIN = '"notes":[]}';

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, END] = [0x22, 0x5c, 0x2c, 0x7b, 0x7d, 0x5d];

/** Progress: the growing columns of {@link PackedEntries}. */
interface Scan {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly paths: string[];
  readonly starts: number[];
  readonly ends: number[];
  readonly days: number[];
  readonly mtimes: number[];
  readonly sizes: number[];
  readonly marks: number[];
  /** Replacement texts by position. */
  readonly edits: Map<number, Uint8Array>;
  readonly refused: string[];
  readonly twin: TwinCheck;
}

/**
 * @param bytes a segment's JSON; on success its entries stay in it, and nobody else may use it
 * @param text the same with one character per byte (ISO 8859-1)
 * @returns null, with the bytes untouched, when the segment has another form: then the general JSON reader decides
 */
export function scanSegment(bytes: Uint8Array, text: string): ScannedSegment | null {
  BEGIN.lastIndex = 0;
  if (!BEGIN.test(text)) return null;
  const scan = begin(bytes, text);
  let at = BEGIN.lastIndex;
  while (text.charCodeAt(at) !== END) {
    const end = takePlain(scan, at) ?? takeOther(scan, at);
    if (end === null || scan.refused.length > REFUSED_LIMIT) return null;
    const next = text.charCodeAt(end);
    if (next !== COMMA && next !== END) return null;
    // After a comma there must be an entry, so the end of the list is refused there.
    at = next === COMMA ? end + 1 : end;
    if (next === COMMA && text.charCodeAt(at) !== OPEN) return null;
  }
  return text.length === at + 2 && text.charCodeAt(at + 1) === CLOSE ? finish(scan) : null;
}

/** @returns where the entry ends; null when it is not in our form */
function takePlain(scan: Scan, at: number): number | null {
  ENTRY.lastIndex = at;
  const match = ENTRY.exec(scan.text);
  if (match === null) return null;
  const [, path, size, mtime, generation, date, title, author, , , ...names] = match;
  if (path === undefined || title === undefined || author === undefined || date === undefined) return null;
  if (title.length - QUOTES > TITLE_LIMIT || [author, ...names].some(isLongName)) return null;
  const day = dayOf(date);
  if (day === null || !parseLogPath(path).ok) return null;
  const end = ENTRY.lastIndex;
  const why = scan.twin(path);
  if (why !== null) scan.refused.push(why);
  else {
    scan.paths.push(path);
    // At the comma after the path; the brace that the rest must begin with replaces it.
    scan.starts.push(at + BEFORE_PATH + path.length + 1);
    scan.ends.push(end);
    scan.days.push(day);
    scan.mtimes.push(Number(mtime));
    scan.sizes.push(Number(size));
    scan.marks.push(
      (generation === '' ? 0 : STORED) |
        (author === 'null' ? 0 : AUTHORED) |
        (scan.text.startsWith(END_OF_PLAIN, end - END_OF_PLAIN.length) ? 0 : MORE),
    );
  }
  return end;
}

function isLongName(name: string | undefined): boolean {
  return name !== undefined && name.length - QUOTES > NAME_LIMIT;
}

/** Reads an entry of any other form by itself. */
function takeOther(scan: Scan, at: number): number | null {
  const end = endOfObject(scan.text, at);
  const value = end === null ? undefined : parseBoundedJson(scan.bytes.subarray(at, end));
  if (end === null || value === undefined) return null;
  const read = readEntry(value);
  const why = 'refused' in read ? read.refused : scan.twin(read.entry.path);
  if (why !== null) scan.refused.push(why);
  if (why !== null || 'refused' in read) return end;
  const { entry } = read;
  const edit = new TextEncoder().encode(entryText(entry));
  const day = dayOf(entry.date);
  // It must fit in its old place; others' numbers and escapes may be shorter than ours.
  if (day === null || at + edit.length > end) return null;
  scan.edits.set(at, edit);
  scan.paths.push(entry.path);
  scan.starts.push(at);
  scan.ends.push(at + edit.length);
  scan.days.push(day);
  scan.mtimes.push(entry.mtime);
  scan.sizes.push(entry.size);
  scan.marks.push(marksOf(entry));
  return end;
}

function begin(bytes: Uint8Array, text: string): Scan {
  return {
    bytes,
    text,
    paths: [],
    starts: [],
    ends: [],
    days: [],
    mtimes: [],
    sizes: [],
    marks: [],
    edits: new Map(),
    refused: [],
    twin: twinCheck(),
  };
}

function finish({ bytes, edits, paths, refused, ...columns }: Scan): ScannedSegment {
  for (const start of columns.starts) bytes[start] = OPEN;
  for (const [start, edit] of edits) bytes.set(edit, start);
  return {
    entries: {
      paths,
      bytes,
      starts: new Int32Array(columns.starts),
      ends: new Int32Array(columns.ends),
      days: new Int32Array(columns.days),
      mtimes: new Float64Array(columns.mtimes),
      sizes: new Float64Array(columns.sizes),
      marks: new Uint8Array(columns.marks),
    },
    refused,
  };
}

function dayOf(date: string): number | null {
  return parseCalendarDate(date).ok ? dayNumber(date) : null;
}

/** The end of the object at `from`; null when none begins there or it is unterminated. */
function endOfObject(text: string, from: number): number | null {
  if (text.charCodeAt(from) !== OPEN) return null;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN) depth++;
    else if (code === CLOSE && --depth === 0) return at + 1;
  }
  return null;
}

/** The closing quote of the string at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
