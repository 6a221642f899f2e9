import type { CalendarDate } from '../ids.ts';
import { parseLogName } from '../log-name.ts';
import { firstMark, parseSessionId, type SessionMark } from '../session-mark.ts';
import { emptyAttribution, readField, takeField, type Attribution } from './attribution.ts';
import { HeadReader } from './head-facts.ts';
import type { Heading } from './headings.ts';
import { readNoteHeading, type NoteHeading } from './note-heading.ts';
import { dayInName } from './path-day.ts';
import { sectionOf } from './sections.ts';
import { entryTime, isSessionEntry } from './session-entry.ts';

/** One heading of a log. */
export type LogSection = Pick<Heading, 'title' | 'level' | 'line'>;

/** A `## Note for <user>` or `## Message for <user>` block in a log. */
export interface LogNote extends NoteHeading {
  /** Of the heading, 1-based. */
  readonly line: number;
  /** Of the block's last line. */
  readonly endLine: number;
  /** Everything below the heading, line breaks as `\n`, trimmed of blank lines. */
  readonly text: string;
  /** Facts of the session entry that contains the note (daily logs); null outside one. */
  readonly entry: SessionEntryFacts | null;
  /** Session of the nearest mark above; null without one. */
  readonly session: string | null;
}

/** The bold lines below `## <time> - Session Entry`. */
export interface SessionEntryFacts extends Readonly<Attribution> {
  readonly sessionId: string | null;
  /** Day in the name of the log in the entry's `Log` line. */
  readonly logDate: CalendarDate | null;
  /** Path in its `Log` line, as written; null without one. */
  readonly log: string | null;
}

/** One session of a daily log: all entries with the same id. */
export interface LogSession extends SessionEntryFacts {
  /** As in `SessionPart.id`. */
  readonly id: string;
  /** Epoch milliseconds of the first entry's heading; null when it names no time. */
  readonly time: number | null;
  /** Its Focus; null without one. */
  readonly focus: string | null;
  /** The line range of each entry, 1-based, both ends inclusive. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/** Limits on what one log may add to memory and to a shard; far above anything a person writes. */
export const SECTION_LIMIT = 20_000;
export const NOTE_LIMIT = 1_000;

interface OpenNote extends NoteHeading {
  readonly line: number;
  readonly entry: SessionEntryFacts | null;
  readonly session: string | null;
  readonly level: number;
  readonly from: number;
}

interface OpenEntry extends Attribution {
  readonly line: number;
  readonly time: number | null;
  sessionId: string | null;
  logDate: CalendarDate | null;
  log: string | null;
  focus: string | null;
}

/** Ids generated for entries without one; never a real session id. */
const STAND_IN = /^entry-\d+$/i;

/** Collects the results of one pass over a log; a class because the scan calls back line by line. */
export class LogReader {
  readonly block: Attribution = emptyAttribution();
  readonly head = new HeadReader();
  readonly sections: LogSection[] = [];
  readonly notes: LogNote[] = [];
  h1: string | null = null;
  firstHeading: string | null = null;
  firstMark: SessionMark | null = null;

  readonly #text: string;
  readonly #daily: boolean;
  /** Innermost last; at most five, because each is deeper than the previous one. */
  #open: OpenNote[] = [];
  #entry: OpenEntry | null = null;
  #collect: 'block' | 'entry' | null = null;
  #blockSeen = false;
  #lastMark: SessionMark | null = null;
  #entryCount = 0;
  readonly #entries = new Map<string, LogSession & { readonly ranges: (readonly [number, number])[] }>();

  /** @param daily whether it is a daily log, whose session entries are read */
  constructor(text: string, daily: boolean) {
    this.#text = text;
    this.#daily = daily;
  }

  heading(heading: Heading): void {
    const { level, title, line } = heading;
    this.#closeNotes(level, heading.start, line - 1);
    const isEntry = level === 2 && isSessionEntry(title);
    if (title !== '') {
      if (level === 1 && this.h1 === null && sectionOf(title) === null) this.h1 = title;
      const inEntry = isEntry || (this.#entry !== null && level > 2);
      if (!inEntry && this.firstHeading === null && sectionOf(title) === null) this.firstHeading = title;
    }
    if (this.sections.length < SECTION_LIMIT) this.sections.push({ title, level, line });
    if (!isEntry) this.head.heading(heading);
    this.#collect = null;
    if (level <= 2) this.#closeEntry(line - 1);
    if (isEntry) {
      this.#entry = {
        ...emptyAttribution(),
        line,
        time: entryTime(title),
        sessionId: null,
        logDate: null,
        log: null,
        focus: null,
      };
      this.#collect = 'entry';
    } else if (!this.#blockSeen && /user/i.test(title) && sectionOf(title) === 'User') {
      this.#blockSeen = true;
      this.#collect = 'block';
    }
    const note = level >= 2 ? readNoteHeading(title) : null;
    // The entry's facts are complete here: its bold lines precede its first sub-heading.
    if (note) {
      const session = this.#lastMark?.session ?? null;
      this.#open.push({ ...note, level, line, entry: this.#entry, session, from: heading.end });
    }
  }

  line(start: number, end: number, line: number): void {
    if (this.#collect === null) {
      this.head.line(this.#text, start, end, line);
      return;
    }
    const field = readField(this.#text, start, end);
    if (!field) return;
    if (this.#collect === 'block') takeField(this.block, field);
    else if (this.#entry) takeEntryField(this.#entry, field);
  }

  comment(start: number, end: number): void {
    const mark = firstMark(this.#text.slice(start, Math.min(end, start + MARK_LIMIT)));
    if (mark === null) return;
    this.firstMark ??= mark;
    this.#lastMark = mark;
    if (this.#collect === 'entry' && this.#entry) this.#entry.sessionId ??= mark.session;
  }

  finish(lastLine: number): void {
    this.#closeNotes(0, this.#text.length, lastLine);
    this.#closeEntry(lastLine);
  }

  /** The sessions of a daily log, in the order of their first entries. */
  entries(): readonly LogSession[] {
    return [...this.#entries.values()];
  }

  #closeEntry(lastLine: number): void {
    const entry = this.#entry;
    this.#entry = null;
    if (entry === null || !this.#daily) return;
    this.#entryCount++;
    const named =
      entry.sessionId !== null && !STAND_IN.test(entry.sessionId) && parseSessionId(entry.sessionId).ok;
    const id = named ? (entry.sessionId ?? '') : `entry-${this.#entryCount}`;
    const known = this.#entries.get(id.toLowerCase());
    if (known) known.ranges.push([entry.line, lastLine]);
    else {
      const { line, ...facts } = entry;
      this.#entries.set(id.toLowerCase(), { ...facts, id, ranges: [[line, lastLine]] });
    }
  }

  #closeNotes(level: number, end: number, endLine: number): void {
    while (this.#open.length > 0) {
      const note = this.#open.at(-1);
      if (note === undefined || note.level < level) return;
      this.#open.pop();
      if (this.notes.length >= NOTE_LIMIT) continue;
      const text = this.#text.slice(note.from, end).replaceAll('\r\n', '\n').trim();
      const { to, kind, entry, session } = note;
      this.notes.push({ to, kind, line: note.line, endLine, text, entry, session });
    }
  }
}

const MARK_LIMIT = 1_000;

function takeEntryField(entry: OpenEntry, field: readonly [string, string]): void {
  takeField(entry, field);
  const [key, value] = field;
  if (value === '') return;
  if (key === 'session id') entry.sessionId ??= value;
  else if (key === 'focus') entry.focus ??= value;
  else if (key === 'log' && entry.log === null) {
    entry.log = unwrapPath(value);
    entry.logDate = parseLogName(entry.log).date ?? dayInName(entry.log);
  }
}

/** The path inside `` `path` `` or `[name](path)`. */
function unwrapPath(value: string): string {
  const link = /\]\(([^)]+)\)$/.exec(value);
  return (link?.[1] ?? value).replaceAll('`', '').replaceAll('\\', '/');
}
