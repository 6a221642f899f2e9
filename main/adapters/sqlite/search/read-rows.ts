import { capturedAgent } from '../../../../shared/domain/captured-log.ts';
import { decodeLog } from '../../../../shared/domain/decode-log.ts';
import { entryFacts } from '../../../../shared/domain/entry-facts.ts';
import type { CalendarDate } from '../../../../shared/domain/ids.ts';
import { parseLogName } from '../../../../shared/domain/log-name.ts';
import { readLogText, type LogText } from '../../../../shared/domain/log-text.ts';
import { credentialLines } from '../../../../shared/domain/log-text/credential-lines.ts';
import { Lines, withoutLines, type LineRange } from '../../../../shared/domain/log-text/lines.ts';
import { PendingReader, type PendingSection } from '../../../../shared/domain/log-text/pending-tasks.ts';
import { sectionOf } from '../../../../shared/domain/log-text/sections.ts';
import { stretchesOf } from '../../../../shared/domain/log-text/stretches.ts';
import { isSessionId, joinId } from '../../../../shared/domain/session-parts.ts';
import { SESSION_PART_LIMIT } from '../../../../shared/domain/log-entry.ts';
import { INDEXED_BYTES, type LogToIndex } from '../../../core/ports/search-index.ts';
import { compoundPieces, foldLog, wordsOf } from './fold-log.ts';
import { readPending, type PendingRow } from './read-pending.ts';
import { factWord, titleWord, type Fact } from './search-schema.ts';

const TITLE_LIMIT = 300;
/** Maximum characters of headings in their own column. */
const HEADINGS_LIMIT = 20_000;

/** One row of the full text. */
export interface TextRow {
  readonly part: string | null;
  readonly line: number;
  readonly title: string | null;
  readonly user: string | null;
  readonly project: string | null;
  readonly client: string | null;
  readonly day: CalendarDate;
  /** Of the body: its length for ranking. */
  readonly words: number;
  /** Column by column, folded, in table order. */
  readonly columns: readonly [
    body: string,
    title: string,
    topic: string,
    headings: string,
    parts: string,
    facts: string,
  ];
  /** Its pending tasks; null if it does not mention any. */
  readonly pending: PendingRow | null;
}

/** Splits a log into full-text rows: one, or one per session of a daily log plus one for the rest. */
export function readRows(
  log: LogToIndex,
  today: CalendarDate,
): { readonly rows: readonly TextRow[]; readonly bytes: number } {
  const text = textOf(log.text);
  const tasks = new PendingReader(text);
  const parsed = readLogText(text, log.path, tasks);
  const lines = new Lines(text);
  const hidden = log.credentials === true ? [] : credentialLines(parsed, lines);
  const facts = factsOf(log, parsed, today);
  const latest = Date.parse(`${today}T23:59:59Z`);
  const pending = tasks.finish();
  const sessions = parsed.entries.filter(({ id }) => isSessionId(id)).slice(0, SESSION_PART_LIMIT);
  const rows: TextRow[] = [];
  const taken = sessions.flatMap(({ ranges }) => ranges);
  const known = new Map(log.entry?.parts?.map((part) => [part.id, part]));
  for (const session of sessions) {
    const entry = known.get(session.id);
    rows.push(
      rowOf(log, parsed, lines, {
        ...facts,
        part: session.id,
        session: joinId(session.id),
        topic: session.log === null ? null : parseLogName(session.log).topic,
        time: session.time,
        pending,
        latest,
        title: entry?.title ?? session.focus,
        user: entry?.user ?? session.user ?? facts.user,
        author: entry?.author ?? session.author ?? facts.author,
        project: entry?.project ?? facts.project,
        client: entry?.client ?? facts.client,
        agent: session.agent ?? facts.agent,
        day: notAfter(entry?.date ?? session.logDate ?? facts.day, today),
        ranges: session.ranges,
        hidden,
      }),
    );
  }
  if (sessions.length === 0 || hasMore(lines, taken))
    rows.push(
      rowOf(log, parsed, lines, {
        ...facts,
        part: null,
        session: joinId(parsed.session),
        topic: parseLogName(log.path).topic ?? (parsed.entries.length === 0 ? facts.title : null),
        time: parsed.time,
        pending,
        latest,
        ranges: outside(taken, lines.count),
        hidden,
      }),
    );
  return { rows, bytes: text.length };
}

interface RowFacts {
  readonly part: string | null;
  readonly session: string | null;
  readonly topic: string | null;
  readonly time: number | null;
  /** Later times come from a clock that is ahead. */
  readonly latest: number;
  /** Of the whole log. */
  readonly pending: readonly PendingSection[];
  readonly title: string | null;
  readonly user: string | null;
  readonly author: string | null;
  readonly project: string | null;
  readonly client: string | null;
  readonly agent: string | null;
  readonly day: CalendarDate;
  readonly ranges: readonly LineRange[];
  readonly hidden: readonly LineRange[];
}

function textOf(text: Uint8Array | string): string {
  if (typeof text === 'string') return text.length > INDEXED_BYTES ? text.slice(0, INDEXED_BYTES) : text;
  return decodeLog(text.length > INDEXED_BYTES ? text.subarray(0, INDEXED_BYTES) : text);
}

function factsOf(
  log: LogToIndex,
  parsed: LogText,
  today: CalendarDate,
): Pick<RowFacts, 'title' | 'user' | 'author' | 'project' | 'client' | 'agent' | 'day'> {
  const name = parseLogName(log.path);
  const said = log.entry ?? {
    title: parsed.title,
    author: parsed.author,
    user: parsed.user,
    project: parsed.project,
    client: parsed.client,
  };
  const facts = entryFacts(
    {
      author: said.author,
      ...(said.user === undefined ? {} : { user: said.user }),
      ...(said.project === undefined ? {} : { project: said.project }),
      ...(said.client === undefined ? {} : { client: said.client }),
    },
    name,
  );
  const day =
    log.entry?.date ?? parsed.day?.date ?? (new Date(log.mtime).toISOString().slice(0, 10) as CalendarDate);
  return { ...facts, title: said.title, author: said.author, agent: parsed.agent, day: notAfter(day, today) };
}

/** A clock that is ahead must not put its logs before everybody else's for good. */
function notAfter(day: CalendarDate, today: CalendarDate): CalendarDate {
  return day > today ? today : day;
}

function rowOf(log: LogToIndex, parsed: LogText, lines: Lines, facts: RowFacts): TextRow {
  const { part, ranges, hidden, latest } = facts;
  const body = lines.text(withoutLines(ranges, hidden));
  const folded = foldLog(body);
  const title = facts.title?.slice(0, TITLE_LIMIT) ?? null;
  const foldedTitle = foldLog(title ?? '');
  const within = (line: number): boolean => ranges.some(([first, last]) => line >= first && line <= last);
  const headings = parsed.sections.filter(({ line }) => within(line)).map((section) => section.title);
  const tags = part === null ? (log.entry?.tags ?? parsed.tags) : [];
  const hasNote = parsed.notes.some(({ line }) => within(line));
  const isPending = parsed.sections.some(
    ({ title: heading, line }) => within(line) && sectionOf(heading) === 'Pending / Incomplete Tasks',
  );
  const words: string[] = [];
  const add = (fact: Fact, value: string | null | undefined): void => {
    if (value) words.push(factWord(fact, foldLog(value).text));
  };
  add('machine', log.host);
  add('uuid', log.machine.replaceAll('-', ''));
  for (const name of new Set([facts.user, facts.author, facts.author?.split(' ')[0]])) add('user', name);
  add('project', facts.project);
  add('client', facts.client);
  add('agent', log.agent ?? facts.agent);
  for (const word of new Set(wordsOf(foldedTitle.text))) words.push(titleWord(word));
  if (hasNote) add('mark', 'hasnote');
  if (isPending) add('mark', 'haspending');
  if (log.origin !== 'pack' && log.origin !== 'git') add('mark', 'ispulled');
  if (capturedAgent(log.path) !== null) add('mark', 'iscaptured');
  return {
    part,
    line: ranges[0]?.[0] ?? 1,
    title,
    user: facts.user ?? facts.author,
    project: facts.project,
    client: facts.client,
    day: facts.day,
    words: folded.words + foldedTitle.words,
    columns: [
      folded.text,
      foldedTitle.text,
      foldLog([log.path, ...tags].join('\n')).text,
      foldLog(headings.join('\n').slice(0, HEADINGS_LIMIT)).text,
      compoundPieces(body),
      words.join(' '),
    ],
    pending: readPending(
      facts.pending.filter(({ line }) => within(line)),
      {
        ...facts,
        person: facts.user ?? facts.author,
        place: facts.project ?? facts.client,
        path: log.path,
        isPart: part !== null,
        isElsewhere: log.origin === 'pack' || log.origin === 'cached',
        stretches: part === null ? null : stretchesOf(lines, ranges),
        latest,
      },
    ),
  };
}

/** True when a daily log contains anything besides its sessions. */
function hasMore(lines: Lines, taken: readonly LineRange[]): boolean {
  return /[\p{L}\p{N}]/u.test(lines.text(outside(taken, lines.count)));
}

function outside(taken: readonly LineRange[], last: number): readonly LineRange[] {
  return withoutLines([[1, last]], taken);
}
