import { capturedAgent } from '../../shared/domain/captured-log.ts';
import type { LogPage, LogRow } from '../../shared/domain/log-query.ts';
import { formatBytes, plural } from '../../shared/format/amount.ts';
import { personOf, sessionTime } from '../../shared/format/log-facts.ts';
import { logTitle } from '../../shared/format/log-title.ts';
import { AGENT_NAMES } from '../../shared/transcripts/agents.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { textTable, type Column } from './text-table.ts';

/** How to print a list. */
export interface ListLook {
  /** IANA name of the zone whose clock is shown; only called when there is a time to show. */
  readonly timeZone: () => string;
  /** Columns of the terminal; null if there is none. */
  readonly width: number | null;
  readonly style: TerminalStyle;
  /** Full ids instead of paths. */
  readonly long: boolean;
  /** Rows are files instead of sessions. */
  readonly files: boolean;
}

const GUESSED = '~';

/** Formats a page of the list for people: one line per row. */
export function listText(page: LogPage & { readonly offset: number }, look: ListLook): string {
  const { style, files } = look;
  let zone: string | null = null;
  const timeZone = (): string => (zone ??= look.timeZone());
  const guessed = page.rows.some((row) => row.dateGuessed);
  const cells = page.rows.map((row) => [
    row.dateGuessed ? `${GUESSED}${row.date}` : guessed ? ` ${row.date}` : row.date,
    row.time === null ? '' : (sessionTime(row, timeZone()) ?? ''),
    personOf(row) ?? '',
    row.project ?? row.client ?? '',
    logTitle(row),
    capturedText(row.path),
    row.host,
    placeText(row),
    formatBytes(row.size),
    // Several sessions may have one path, that of a daily log.
    look.long ? row.id : row.id.slice(row.machine.length + 1),
  ]);
  const columns: (Column & { readonly hidden?: boolean })[] = [
    { title: guessed ? ' DATE' : 'DATE' },
    { title: 'TIME' },
    { title: 'WHO', least: 10, most: 40 },
    { title: 'PROJECT', least: 8, spare: 1 },
    { title: 'TITLE', least: 18, good: 24, most: 100, paint: style.bold },
    { title: 'CAPTURED FROM', spare: 3 },
    { title: 'MACHINE', least: 8, spare: 2 },
    { title: 'PLACE', paint: (text) => (/not pushed|old/.test(text) ? style.warn(text) : style.faint(text)) },
    { title: 'SIZE', right: true, spare: 3, hidden: !files },
    // A requested id justifies a broken row.
    {
      title: look.long ? 'ID' : 'PATH',
      ...(look.long ? {} : { spare: 4 }),
      hidden: !files && !look.long && look.width !== null,
    },
  ];
  // An empty column takes no room.
  const kept = columns.flatMap((column, at) =>
    !column.hidden && cells.some((row) => row[at] !== '') ? [at] : [],
  );
  const table = textTable(
    kept.map((at) => columns[at] as Column),
    cells.map((row) => kept.map((at) => row[at] ?? '')),
    look.width ?? Number.POSITIVE_INFINITY,
  );
  return [table, '', ...footer(page, files, guessed)].join('\n');
}

function footer(
  page: LogPage & { readonly offset: number },
  files: boolean,
  guessed: boolean,
): readonly string[] {
  const last = page.offset + page.rows.length;
  const rest = last < page.total ? `; the next: --offset ${last}` : '';
  const count = plural(page.total, files ? 'log' : 'session');
  const lines = [
    page.offset === 0 && rest === '' ? count : `${page.offset + 1}\u2013${last} of ${count}${rest}`,
  ];
  if (guessed)
    lines.push(`${GUESSED} nothing in the log says its day: it is that of the file's last change.`);
  return lines;
}

/** The agent whose transcript a log was made from; empty for a hand-written one. */
function capturedText(path: string): string {
  const agent = capturedAgent(path);
  return agent === null ? '' : AGENT_NAMES[agent];
}

/** Where a log is, as worded in the list. */
export function placeText(row: Pick<LogRow, 'place' | 'commit' | 'stale' | 'backedUp'>): string {
  if (row.place === 'local') return row.backedUp ? 'here' : 'not pushed yet';
  if (row.place === 'cached') return row.stale ? 'cached, old' : 'cached';
  if (row.place === 'git') return `deleted in git (${row.commit?.slice(0, 9) ?? ''})`;
  return row.place === 'store' ? 'in store' : 'workspace';
}

/**
 * The text for an empty list.
 * @param filtered the person selected only some logs
 */
export function emptyListText(filtered: boolean): string {
  return filtered
    ? 'No sessions match. `session-log sync --index` reads what other machines have pushed.'
    : [
        'No sessions yet.',
        '  session-log setup          says who you are and connects your agents',
        '  /save in your agent        writes the log of its session (session-log save in a terminal)',
        '  session-log sync --index   reads what other machines have pushed',
      ].join('\n');
}

/** One row on one line, to choose from. */
export function candidateLine(row: LogRow, timeZone: string): string {
  const when = [row.date, sessionTime(row, timeZone)].filter((part) => part !== null).join(' ');
  const who = [personOf(row), row.project ?? row.client, row.host].filter((part) => part !== null).join(', ');
  return `${when}  ${logTitle(row)} (${who})\n    ${row.id}`;
}
