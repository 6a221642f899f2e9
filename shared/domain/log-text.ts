import type { CalendarDate } from './ids.ts';
import { NOTE_TEXT_LIMIT, type NoteEntry } from './log-entry.ts';
import { parseLogName } from './log-name.ts';
import { emptyAttribution, readField, takeField, type Attribution } from './log-text/attribution.ts';
import { frontMatterFacts, readFrontMatter, type FrontMatter } from './log-text/front-matter.ts';
import { firstMark } from './session-mark.ts';
import { cut, oneLine, visitHeadings, type Heading } from './log-text/headings.ts';

/** One heading of a log. */
export type LogSection = Pick<Heading, 'title' | 'level' | 'line'>;

/** A `## Note for <user>` or `## Message for <user>` block as it stands in a log. */
export interface LogNote {
  /** As written after "for", without a subject behind it. */
  readonly to: string;
  readonly kind: 'note' | 'message';
  /** Of the heading, 1-based. */
  readonly line: number;
  /** Of the block's last line. */
  readonly endLine: number;
  /** Everything below the heading, line breaks as `\n`, without blank ends. */
  readonly text: string;
  /** What the session entry that holds the note says about itself (daily logs); null outside one. */
  readonly entry: SessionEntryFacts | null;
}

/** The bold lines below `## <time> - Session Entry`. */
export interface SessionEntryFacts extends Readonly<Attribution> {
  readonly sessionId: string | null;
  /** Day of the log that the entry's `Log` line names. */
  readonly logDate: CalendarDate | null;
}

/** Where the day of a log was read. */
export type DaySource = 'name' | 'folder' | 'front-matter' | 'text';

/** One session of a daily log: all entries with its id. */
export interface LogSession extends SessionEntryFacts {
  /** As in `SessionPart.id`. */
  readonly id: string;
  /** Epoch milliseconds of the first entry's heading; null when it names no time. */
  readonly time: number | null;
  /** Its Focus; null without one. */
  readonly focus: string | null;
  /** Path in its `Log` line, as written; null without one. */
  readonly log: string | null;
  /** Each entry's stretch of lines, 1-based, both ends inclusive. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/** What a log says about itself. */
export interface LogText extends Readonly<Attribution> {
  /** The day that name, folders or text say without doubt; null when only the file's time is left. */
  readonly day: { readonly date: CalendarDate; readonly from: DaySource } | null;
  /** When it was written, epoch milliseconds: its first mark, else a moment with an offset in its front matter; null without. */
  readonly time: number | null;
  /** Named by the text, else by the path. */
  readonly project: string | null;
  readonly client: string | null;
  readonly tags: readonly string[];
  /** Id of the session whose log it is: that of its first mark outside a code fence; null without, and for daily logs. */
  readonly session: string | null;
  /** The sessions of a daily log, in the order of the file; empty for others. */
  readonly entries: readonly LogSession[];
  /** The first H1, else the front matter's title, else the first heading. */
  readonly title: string | null;
  readonly frontMatter: FrontMatter;
  /** Distinct sessions inside: 1 for anything that is not a daily log. */
  readonly sessions: number;
  /** The first {@link SECTION_LIMIT} headings. */
  readonly sections: readonly LogSection[];
  /** The first {@link NOTE_LIMIT} notes. */
  readonly notes: readonly LogNote[];
  /** Line of a code fence that is never closed: nothing below it counts, here as in every Markdown reader. */
  readonly openFence: number | null;
}

/** Bounds of what one log may put into memory and into a shard; far above anything a person writes. */
export const SECTION_LIMIT = 20_000;
export const NOTE_LIMIT = 1_000;

const ADDRESSEE_LIMIT = 100;
const NOTE_HEADING = /^(note|message) for (\S.*)$/i;
const SUBJECT = /\s+[-\u2013\u2014]+\s|:\s|\s\(/;
const ENTRY_HEADING =
  /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)? ?(?:Z|[+-]\d{2}:?\d{2}) [-\u2013\u2014] session entry\b/i;

/**
 * Reads a log in one pass. Never fails: text without structure simply says little. Headings inside code fences and comments do not count.
 * @param text the whole log, decoded
 * @param path its relative path: whether it is a daily log is in the name
 */
export function readLogText(text: string, path: string): LogText {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const found = readFrontMatter(text, start);
  const reader = new LogReader(text);
  const scanned = visitHeadings(text, found?.end ?? start, (found?.lines ?? 0) + 1, reader);
  reader.finish(scanned.lastLine);
  const frontMatter = frontMatterFacts(found);
  const name = parseLogName(path);
  const daily = name.kind === 'daily';
  return {
    ...reader.block,
    title: reader.h1 ?? frontMatter.title ?? reader.firstHeading,
    frontMatter,
    sessions: daily ? Math.max(1, reader.sessions()) : 1,
    day: name.date === null ? null : { date: name.date, from: 'name' },
    time: null,
    project: name.project,
    client: name.client,
    tags: [],
    session: daily ? null : (firstMark(text.slice(0, 8_192))?.session ?? null),
    entries: [],
    sections: reader.sections,
    notes: reader.notes.sort((a, b) => a.line - b.line),
    openFence: scanned.openFence,
  };
}

/** True for the heading of a session entry in a daily log, without its `## `: `2026-06-05T09:00:00Z - Session Entry`. */
export function isSessionEntry(title: string): boolean {
  return ENTRY_HEADING.test(title);
}

/** Whom a note's heading addresses: `Mike`, `all`, `Mike Swanson`; null when the heading is no note. */
export function readNoteHeading(title: string): Pick<LogNote, 'to' | 'kind'> | null {
  const match = NOTE_HEADING.exec(title);
  if (!match) return null;
  const [addressee] = (match[2] ?? '').split(SUBJECT, 1);
  const to = oneLine((addressee ?? '').replaceAll(/[*_`@]+/g, '').replace(/[\s:.,;]+$/, ''), ADDRESSEE_LIMIT);
  if (to === '') return null;
  return { to, kind: match[1]?.toLowerCase() === 'note' ? 'note' : 'message' };
}

export interface NoteContext {
  /** UUID of the machine whose log it is; where a log came by git, whoever committed it. Counts only when the log names no machine. */
  readonly machine: string;
  /** Day of the log. */
  readonly date: CalendarDate;
  /** Author when the log names none: a host name or the author of the commit. */
  readonly fallbackFrom: string;
  /** SHA-256 of the UTF-8 form, lower-case hexadecimal. */
  readonly sha256: (text: string) => string;
}

/**
 * Turns the notes of a log into what a shard carries. The hash names the machine by its host name where the log says it, because
 * the same note may arrive in the workspace's log by git, where no machine UUID stands, and in the daily log by the store.
 */
export function noteEntries(parsed: LogText, context: NoteContext): NoteEntry[] {
  const seen = new Map<string, NoteEntry>();
  for (const note of parsed.notes) {
    const entry = noteEntry(note, parsed, context);
    if (!seen.has(entry.hash)) seen.set(entry.hash, entry);
  }
  return [...seen.values()];
}

/** The whole text of one note of a log, by its hash; null when the log does not hold it (any more). */
export function wholeNote(parsed: LogText, hash: string, context: NoteContext): string | null {
  return parsed.notes.find((note) => noteEntry(note, parsed, context).hash === hash)?.text ?? null;
}

function noteEntry(note: LogNote, parsed: LogText, context: NoteContext): NoteEntry {
  const by = note.entry?.author || note.entry?.user || note.entry?.machineName ? note.entry : parsed;
  const machine = (by.machineName ?? context.machine).toLowerCase();
  const date = note.entry?.logDate ?? context.date;
  const text = cut(note.text, NOTE_TEXT_LIMIT);
  return {
    hash: context.sha256(JSON.stringify([machine, note.to.toLowerCase(), date, sameDepth(note.text)])),
    to: note.to,
    from: by.author ?? by.user ?? context.fallbackFrom,
    date,
    line: note.line,
    text,
    truncated: text.length < note.text.length,
  };
}

/** The copy of a note in a daily log stands one level deeper, its headings with it. */
function sameDepth(text: string): string {
  return text.replaceAll(/^ {0,3}#{1,6}(?=[ \t]|$)/gm, '#');
}

interface OpenNote extends Pick<LogNote, 'to' | 'kind' | 'line' | 'entry'> {
  readonly level: number;
  readonly from: number;
}

interface OpenEntry extends Attribution {
  sessionId: string | null;
  logDate: CalendarDate | null;
}

/** The state of one pass: a class because the scan calls back into it line by line. */
class LogReader {
  readonly block: Attribution = emptyAttribution();
  readonly sections: LogSection[] = [];
  readonly notes: LogNote[] = [];
  h1: string | null = null;
  firstHeading: string | null = null;

  readonly #text: string;
  /** Innermost last; at most five, because each is deeper than the one before. */
  #open: OpenNote[] = [];
  #entry: OpenEntry | null = null;
  #collect: 'block' | 'entry' | null = null;
  #blockSeen = false;
  #anonymousEntries = 0;
  readonly #sessionIds = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  heading(heading: Heading): void {
    const { level, title, line } = heading;
    this.#closeNotes(level, heading.start, line - 1);
    if (title !== '') {
      this.firstHeading ??= title;
      if (level === 1) this.h1 ??= title;
    }
    if (this.sections.length < SECTION_LIMIT) this.sections.push({ title, level, line });
    this.#finishEntry();
    this.#collect = null;
    if (level <= 2) this.#entry = null;
    if (level === 2 && isSessionEntry(title)) {
      this.#entry = { ...emptyAttribution(), sessionId: null, logDate: null };
      this.#collect = 'entry';
    } else if (!this.#blockSeen && /^user(?: block)?:?$/i.test(title)) {
      this.#blockSeen = true;
      this.#collect = 'block';
    }
    const note = level >= 2 ? readNoteHeading(title) : null;
    // The entry's facts are complete here: its bold lines stand before its first sub-heading.
    if (note) this.#open.push({ ...note, level, line, entry: this.#entry, from: heading.end });
  }

  line(start: number, end: number): void {
    if (this.#collect === null) return;
    const field = readField(this.#text, start, end);
    if (!field) return;
    if (this.#collect === 'block') takeField(this.block, field);
    else if (this.#entry) {
      takeField(this.#entry, field);
      if (field[0] === 'session id') this.#entry.sessionId ??= field[1] || null;
      if (field[0] === 'log') this.#entry.logDate ??= parseLogName(unwrapPath(field[1])).date;
    }
  }

  finish(lastLine: number): void {
    this.#closeNotes(0, this.#text.length, lastLine);
    this.#finishEntry();
  }

  sessions(): number {
    return this.#sessionIds.size + this.#anonymousEntries;
  }

  /** Counts the session of the entry whose bold lines have just ended. */
  #finishEntry(): void {
    if (this.#collect !== 'entry' || this.#entry === null) return;
    if (this.#entry.sessionId === null) this.#anonymousEntries++;
    else this.#sessionIds.add(this.#entry.sessionId.toLowerCase());
  }

  #closeNotes(level: number, end: number, endLine: number): void {
    while (this.#open.length > 0) {
      const note = this.#open.at(-1);
      if (note === undefined || note.level < level) return;
      this.#open.pop();
      if (this.notes.length >= NOTE_LIMIT) continue;
      const text = this.#text.slice(note.from, end).replaceAll('\r\n', '\n').trim();
      const { to, kind, entry } = note;
      this.notes.push({ to, kind, line: note.line, endLine, text, entry });
    }
  }
}

/** The path inside `` `path` `` or `[name](path)`. */
function unwrapPath(value: string): string {
  const link = /\]\(([^)]+)\)$/.exec(value);
  return (link?.[1] ?? value).replaceAll('`', '').replaceAll('\\', '/');
}
