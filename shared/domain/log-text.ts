import type { CalendarDate } from './ids.ts';
import { TAG_LIMIT } from './log-entry.ts';
import { parseLogName } from './log-name.ts';
import type { Attribution } from './log-text/attribution.ts';
import { findDays, isPlausibleDay } from './log-text/find-day.ts';
import {
  frontMatterDay,
  frontMatterFacts,
  frontMatterValue,
  readFrontMatter,
  type FoundFrontMatter,
  type FrontMatter,
} from './log-text/front-matter.ts';
import { readTags, type HeadFacts } from './log-text/head-facts.ts';
import { visitHeadings, type HeadingVisitor } from './log-text/headings.ts';
import { LogReader, type LogNote, type LogSection, type LogSession } from './log-text/log-reader.ts';
import { dayInFolders, dayInName, dayInNameBelowFolder } from './log-text/path-day.ts';
import { isShortName, readPerson, type PersonName } from './log-text/person-name.ts';
import { readMoment } from './log-text/session-entry.ts';
import { plainTitle } from './log-text/plain-title.ts';

/** Where a log's day was found. */
export type DaySource = 'name' | 'folder' | 'front-matter' | 'text';

/** What a log says about itself. */
export interface LogText extends Readonly<Attribution> {
  /** The day that name, folders or text give unambiguously; null when only the file's time is left. */
  readonly day: { readonly date: CalendarDate; readonly from: DaySource } | null;
  /** When it was written, epoch milliseconds: from its first mark, else from a time with an offset in its front matter; null otherwise. */
  readonly time: number | null;
  /** From the text, else from the path. */
  readonly project: string | null;
  readonly client: string | null;
  /** The first {@link TAG_LIMIT}. */
  readonly tags: readonly string[];
  /** Id of the log's session, from its first mark outside code; null without one, and for daily logs. */
  readonly session: string | null;
  /** The sessions of a daily log, in file order; empty for others. */
  readonly entries: readonly LogSession[];
  /**
   * The first H1, else the front matter's title, else the first heading; never one of the ten sections; without a leading "Session
   * Log:".
   */
  readonly title: string | null;
  readonly frontMatter: FrontMatter;
  /** Number of distinct sessions: 1 for anything but a daily log. */
  readonly sessions: number;
  /** The first {@link SECTION_LIMIT} headings. */
  readonly sections: readonly LogSection[];
  /** The first {@link NOTE_LIMIT} notes, in file order. */
  readonly notes: readonly LogNote[];
  /** Distinguishes its notes from equal ones in other logs; see log-notes.ts. */
  readonly noteScope: NoteScope;
  /** Line of an unclosed code fence: nothing below it counts, as in any Markdown reader. */
  readonly openFence: number | null;
}

/** Facts of a log that survive copying, touching and moving it to another folder. */
export interface NoteScope {
  /** Day in the file's name; null when it has none. */
  readonly nameDay: CalendarDate | null;
  /** Day given by the text, else its title; null when it has neither. */
  readonly text: string | null;
}

const DAY_KEYS = [
  'date',
  'created',
  'day',
  'session_date',
  'session-date',
  'session date',
  'created_at',
  'started',
  'started_at',
  'start',
  'datetime',
  'timestamp',
];
const AUTHOR_KEYS = ['author', 'authors', 'author.name', 'written_by', 'by'];
const USER_KEYS = ['user', 'username', 'user.name'];

/**
 * Parses a log in one pass. Never fails: unstructured text simply yields little. Headings inside code fences and comments do not count.
 * @param text the whole log, decoded
 * @param path its relative path: the name determines whether it is a daily log
 * @param beside visits the same headings and lines in the same pass
 */
export function readLogText(text: string, path: string, beside?: HeadingVisitor): LogText {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const found = readFrontMatter(text, start);
  const name = parseLogName(path);
  const daily = name.kind === 'daily';
  const reader = new LogReader(text, daily);
  const scanned = visitHeadings(text, found?.end ?? start, (found?.lines ?? 0) + 1, both(reader, beside));
  reader.finish(scanned.lastLine);
  const frontMatter = frontMatterFacts(found);
  const head = reader.head.facts();
  const nameDay = name.date ?? dayInName(path);
  const title = plainTitle(reader.h1 ?? frontMatter.title ?? reader.firstHeading);
  const entries = reader.entries();
  return {
    ...personOf(reader.block, found, head.person),
    machineName: reader.block.machineName,
    role: reader.block.role,
    agent: reader.block.agent,
    title,
    frontMatter,
    sessions: daily ? Math.max(1, entries.length) : 1,
    day: dayOf(path, nameDay, found, head),
    time: timeOf(reader, found),
    project: frontMatterValue(found, ['project']) ?? head.project ?? name.project,
    client: frontMatterValue(found, ['client', 'customer']) ?? head.client ?? name.client,
    tags: tagsOf(found, head),
    session: daily ? null : (reader.firstMark?.session ?? null),
    entries,
    sections: reader.sections,
    notes: reader.notes.sort((a, b) => a.line - b.line),
    noteScope: { nameDay, text: frontMatterDay(frontMatter) ?? head.day ?? title },
    openFence: scanned.openFence,
  };
}

function both(reader: LogReader, other: HeadingVisitor | undefined): HeadingVisitor {
  if (other === undefined) return reader;
  return {
    heading: (heading) => {
      reader.heading(heading);
      other.heading(heading);
    },
    line: (start, end, line) => {
      reader.line(start, end, line);
      other.line(start, end, line);
    },
    comment: (start, end, line) => {
      reader.comment(start, end);
      other.comment?.(start, end, line);
    },
  };
}

/** In order of reliability: the file's own name, its folder, the front matter and header, the text. */
function dayOf(
  path: string,
  nameDay: CalendarDate | null,
  found: FoundFrontMatter | null,
  head: HeadFacts,
): LogText['day'] {
  if (nameDay !== null && isPlausibleDay(nameDay)) return { date: nameDay, from: 'name' };
  const folder = dayInFolders(path);
  if (folder !== null) return { date: folder, from: 'folder' };
  for (const key of DAY_KEYS) {
    const written = findDays(frontMatterValue(found, [key]) ?? '')[0];
    if (written) return { date: written.date, from: 'front-matter' };
  }
  if (head.day !== null) return { date: head.day, from: 'text' };
  const both = dayInNameBelowFolder(path);
  return both === null ? null : { date: both, from: 'folder' };
}

/** The User block takes precedence, because a program wrote it; then the front matter, then labelled lines at the top. */
function personOf(
  block: Attribution,
  found: FoundFrontMatter | null,
  head: PersonName | null,
): Pick<Attribution, 'author' | 'user'> {
  const named = (keys: readonly string[]): PersonName | null =>
    readPerson(frontMatterValue(found, keys)?.split(', ', 1)[0] ?? '');
  if (block.author !== null || block.user !== null) return { author: block.author, user: block.user };
  const person = named(AUTHOR_KEYS) ?? named(USER_KEYS) ?? head;
  const author = person?.author ?? null;
  const short = frontMatterValue(found, USER_KEYS);
  const user = person?.user ?? (short !== null && isShortName(short) ? short : null);
  return { author, user };
}

function timeOf(reader: LogReader, found: FoundFrontMatter | null): number | null {
  const marked = readMoment(reader.firstMark?.saved ?? '');
  if (marked !== null) return marked;
  for (const key of DAY_KEYS) {
    const written = readMoment(frontMatterValue(found, [key]) ?? '');
    if (written !== null) return written;
  }
  return null;
}

function tagsOf(found: FoundFrontMatter | null, head: HeadFacts): readonly string[] {
  const written = frontMatterValue(found, ['tags', 'tag']);
  return (written === null ? head.tags : readTags(written)).slice(0, TAG_LIMIT);
}
