import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { readField } from '../../../shared/domain/log-text/attribution.ts';
import { visitHeadings } from '../../../shared/domain/log-text/headings.ts';
import { readNoteHeading } from '../../../shared/domain/log-text/note-heading.ts';
import { isSessionEntry } from '../../../shared/domain/log-text/session-entry.ts';
import { digestOf, type Digest } from './arrange-log.ts';
import type { Identity } from '../author/author-file.ts';
import { findMark, formatMark, type SessionMark } from '../../../shared/domain/session-mark.ts';
import { closingFence } from './split-sections.ts';
import type { ZonedTime } from '../../../shared/domain/zoned-time.ts';

/** A save's addition to the machine's `SESSION-LOG-YYYY-MM-DD.md`. */
export interface DailyInput {
  readonly identity: Identity;
  readonly topic: string;
  readonly time: ZonedTime;
  readonly mark: SessionMark;
  /** Workspace name and the log's path in it: `claudetools/session-logs/2026-06-05-mike-dns.md`. */
  readonly log: string;
}

/** A daily log's name. */
export function dailyLogName(day: CalendarDate): string {
  return `SESSION-LOG-${day}.md`;
}

/**
 * The addition that puts this save into a daily log: a new session entry, or a task below the last entry if that is the same session.
 * Append-only, so that the store sees a growing log: therefore the front matter has no `updated`.
 * @param existing the log's text; null when there is none yet
 * @returns `''` when it has this text of this session already
 */
export function dailyAddition(existing: string | null, given: string, input: DailyInput): string {
  if (existing !== null && findMark(existing, input.mark) !== null) return '';
  const end = existing === null ? null : readEnd(existing);
  const continues = end?.session === input.mark.session;
  const digest = digestOf(given, (title) => readNoteHeading(title) !== null, 3);
  const head = continues
    ? `### ${input.time.utc} - ${input.topic}\n\n**Log:** \`${input.log}\`\n${formatMark(input.mark)}`
    : entryHead(input);
  const entry = `${[head, ...digestParts(digest, continues)].join('\n\n')}\n`;
  if (existing === null) return `${frontMatter(input)}\n\n${entry}`;
  const fence = closingFence(existing, end?.openFence ?? null);
  return fence === '' ? entry : `${fence}\n\n${entry}`;
}

function entryHead({ identity, mark, log, topic, time }: DailyInput): string {
  return [
    `## ${time.utc} - Session Entry`,
    '',
    `**Session ID:** ${mark.session}`,
    `**Focus:** ${topic}`,
    `**User:** ${identity.fullName} (${identity.user})`,
    `**Machine:** ${identity.machine}`,
    `**Log:** \`${log}\``,
    formatMark(mark),
  ].join('\n');
}

function digestParts(digest: Digest, continues: boolean): readonly string[] {
  const level = continues ? '####' : '###';
  const parts = [digest.summary];
  if (digest.pending !== '') parts.push(`${level} Pending / Incomplete Tasks\n\n${digest.pending}`);
  return [...parts, ...digest.notes].filter((part) => part !== '');
}

function frontMatter({ time, identity }: DailyInput): string {
  return [
    '---',
    `created: ${time.utc}`,
    `date: ${time.date}`,
    `machine: ${JSON.stringify(identity.machine)}`,
    '---',
  ].join('\n');
}

/** The end of a daily log: its last entry's session, and the line of an open fence; in one pass, because it may be long. */
function readEnd(text: string): { readonly session: string | null; readonly openFence: number | null } {
  let inEntry = false;
  let session: string | null = null;
  const { openFence } = visitHeadings(text, 0, 1, {
    heading: ({ level, title }) => {
      if (level > 2) inEntry = false;
      else {
        inEntry = level === 2 && isSessionEntry(title);
        session = null;
      }
    },
    line: (start, end) => {
      if (!inEntry) return;
      const field = readField(text, start, end);
      if (field?.[0] === 'session id') session ??= field[1];
    },
  });
  return { session, openFence };
}
