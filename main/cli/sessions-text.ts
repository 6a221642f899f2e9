import { formatBytes, formatCount, plural } from '../../shared/format/amount.ts';
import { ago, clockTime, dateTime } from '../../shared/format/time.ts';
import { AGENT_NAMES, shortIds } from '../../shared/transcripts/agents.ts';
import { daysLeft } from '../../shared/transcripts/countdown.ts';
import type { TranscriptEvent } from '../../shared/transcripts/events.ts';
import { foldEvents } from '../../shared/transcripts/fold-events.ts';
import type { SessionRow, SessionSums } from '../../shared/transcripts/session-list.ts';
import type { SessionList } from '../core/workflows/list-sessions.ts';
import type { SweepReport } from '../core/workflows/sweep-sessions.ts';
import { textTable, type Column } from './text-table.ts';

const LOG_WORDS: Readonly<Record<SessionRow['log'], string>> = {
  written: 'log written',
  captured: 'captured',
  waiting: 'goes on',
  none: 'no log',
  short: 'too short',
  program: 'by a program',
  never: 'never captured',
  forgotten: 'forgotten',
};

const COPY_WORDS: Readonly<Record<SessionRow['copy'], string>> = {
  none: '',
  whole: 'safe here',
  behind: 'behind',
};

const COLUMNS: readonly Column[] = [
  { title: 'ID' },
  { title: 'WHEN' },
  { title: 'AGENT', spare: 2 },
  { title: 'PROJECT', spare: 1, least: 6, most: 24 },
  { title: 'TITLE', least: 20, good: 40, most: 80 },
  { title: 'PROMPTS', right: true, spare: 3 },
  { title: 'LOG' },
  { title: 'COPY', spare: 4 },
  { title: 'DELETED BY THE AGENT' },
];

/** Formats sessions for people: what they were, what is stored of them, and when their agent deletes them. */
export function sessionsText(
  { rows, sums, notices, offers }: SessionList,
  look: { readonly now: number; readonly width: number | null; readonly limit: number },
): string {
  const { now, width, limit } = look;
  if (rows.length === 0)
    return 'No session of an agent was found on this machine.\nIs it kept elsewhere? Name the folder: session-log config set capture.roots /folder/of/.claude';
  const short = shortIds(rows.map(({ id }) => id));
  const cells = rows
    .slice(0, limit)
    .map((row) => [
      short(row.id),
      ago(row.lastAt, now),
      AGENT_NAMES[row.agent],
      row.project ?? '',
      titleOf(row),
      row.prompts === null ? '' : String(row.prompts),
      LOG_WORDS[row.log],
      row.inStore ? 'in the store' : COPY_WORDS[row.copy],
      countdownWords(row, now),
    ]);
  // An empty column takes no room: before a capture nobody knows the prompts of long sessions.
  const kept = COLUMNS.flatMap((column, at) => (cells.some((row) => row[at] !== '') ? [{ column, at }] : []));
  const table = textTable(
    kept.map(({ column }) => column),
    cells.map((row) => kept.map(({ at }) => row[at] ?? '')),
    width ?? undefined,
  );
  return [
    table,
    '',
    ...(rows.length > limit
      ? [`${formatCount(rows.length - limit)} more: session-log sessions --limit ${rows.length}`]
      : []),
    sumsLine(sums),
    ...notices.slice(0, 10).map(({ path, problem }) => `! ${path}: ${problem}`),
    ...offers.map(
      ({ path, days, edit }) =>
        `Claude Code keeps sessions for ${plural(days, 'day')}. To keep them longer, write into ${path}: ${edit}`,
    ),
  ].join('\n');
}

function titleOf({ title, isUnderstood, runs }: SessionRow): string {
  if (!isUnderstood) return 'not understood';
  return runs > 1 ? `${formatCount(runs)} runs` : (title ?? 'no title');
}

/** When the agent deletes a session. */
export function countdownWords({ countdown }: Pick<SessionRow, 'countdown'>, now: number): string {
  const days = daysLeft(countdown, now);
  if (days !== null) return days === 0 ? 'any time now' : `in ${plural(days, 'day')}`;
  return { due: '', paused: 'paused', exempt: 'kept', unknown: 'unknown', never: 'never', gone: 'deleted' }[
    countdown.state
  ];
}

/** `7 sessions will be deleted within a week: 5 safe in the store, 2 only here.` */
export function sumsLine(sums: SessionSums): string {
  const { total, runs, written, captured } = sums;
  const programs = runs > 0 ? ` and ${plural(runs, 'run')} of programs` : '';
  const kept = `${formatCount(written)} with a written log, ${formatCount(captured)} captured, copies take ${formatBytes(sums.copyBytes)}`;
  return `${plural(total, 'session')}${programs}: ${kept}.${dueText(sums)}`;
}

function dueText({ due, dueInStore, dueOnlyThere }: SessionSums): string {
  if (due === 0) return '';
  const here = Math.max(0, due - dueInStore - dueOnlyThere);
  const parts = [
    dueInStore === 0 ? '' : `${formatCount(dueInStore)} safe in the store`,
    here === 0 ? '' : `${formatCount(here)} only here`,
    dueOnlyThere === 0
      ? ''
      : `${formatCount(dueOnlyThere)} only with the agent (session-log sessions capture --all)`,
  ];
  return ` ${plural(due, 'session')} will be deleted within a week: ${parts.filter((part) => part !== '').join(', ')}.`;
}

/** Formats what a capture did. */
export function capturedText(report: SweepReport): string {
  const { rescued, logs, copiedBytes, unchanged, failed, failedTotal, room } = report;
  return [
    `${plural(logs.length, 'log')} made or added to; ${plural(rescued, 'session')} copied (${formatBytes(copiedBytes)}); ${formatCount(unchanged)} unchanged.`,
    ...(room.dropped > 0
      ? [
          `The copies of ${plural(room.dropped, 'session')} went from this disk for want of room (${formatBytes(room.bytes)}); they are in the store.`,
        ]
      : []),
    ...room.onlyHere.slice(0, 10).map((session) => `  ${session} stays: it is nowhere else.`),
    ...failed.slice(0, 10).map(({ session, error }) => `! ${session}: ${error.message}`),
    ...(failedTotal > 10 ? [`! and ${formatCount(failedTotal - 10)} more`] : []),
    ...(logs.length > 0 ? ['See them: session-log list'] : []),
  ].join('\n');
}

/** Formats a part of a conversation with its events settled: prompts and answers whole, one line per tool. */
export function conversationText(events: readonly TranscriptEvent[], zone: string): string {
  const folded = foldEvents();
  folded.add(events);
  return folded
    .events()
    .flatMap((event) => {
      const text = eventText(event);
      if (text === null) return [];
      const time = event.at === null ? '' : `[${clockTime(event.at, zone)}] `;
      return [`${time}${text}`];
    })
    .join('\n');
}

function eventText(event: TranscriptEvent): string | null {
  const who = event.by === null ? '' : `(${event.by}) `;
  switch (event.kind) {
    case 'prompt':
      return `\n> ${event.text.text.replaceAll('\n', '\n> ')}\n`;
    case 'reply':
      return event.text.text === '' ? null : `${who}${event.text.text}`;
    case 'tool-ended':
      return `  ${who}${event.tool}: ${useText(event)}${event.outcome === 'ok' ? '' : ` \u2014 ${event.outcome}`}`;
    case 'question':
      return event.questions
        .map(({ question, answer }) => `  ? ${question} \u2192 ${answer ?? 'no answer'}`)
        .join('\n');
    case 'plan':
      return `  Plan (${event.verdict}): ${event.text.text.slice(0, 500)}`;
    case 'commit':
      return `  committed ${event.sha}${event.subject === null ? '' : ` ${event.subject}`}`;
    case 'pull-request':
      return `  pull request ${event.url}`;
    case 'interrupted':
      return '  (interrupted)';
    case 'api-error':
      return `  (the service answered: ${event.message})`;
    case 'compacted':
      return '  (compacted)';
    default:
      return null;
  }
}

function useText({ use }: Extract<TranscriptEvent, { kind: 'tool-ended' }>): string {
  switch (use.does) {
    case 'command':
      return use.command.text.split('\n')[0] ?? '';
    case 'change':
      return use.files.map(({ path, change }) => `${change} ${path}`).join(', ');
    case 'read':
      return use.path ?? '';
    case 'search':
      return use.query.text;
    case 'web':
      return use.target.text;
    case 'mcp':
      return `${use.server} ${use.name}`;
    case 'subagent':
      return use.task.text.split('\n')[0] ?? '';
    case 'other':
      return use.about?.text ?? '';
  }
}

/** The header of a conversation. */
export function conversationHead(
  {
    titles,
    agent,
    id,
    firstAt,
  }: { titles: readonly { title: string }[]; agent: SessionRow['agent']; id: string; firstAt: number | null },
  zone: string,
): string {
  const when = firstAt === null ? '' : `, ${dateTime(firstAt, zone)}`;
  return `${titles[0]?.title ?? 'No title'}\n${AGENT_NAMES[agent]} session ${id}${when}\n`;
}
