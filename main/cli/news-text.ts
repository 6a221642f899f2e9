import type { NewsLog, NewsReport } from '../../shared/domain/news.ts';
import { plural } from '../../shared/format/amount.ts';
import { dateTime } from '../../shared/format/time.ts';
import { groupBy } from '../../shared/group-by.ts';
import type { TerminalStyle } from './terminal-style.ts';

/** Maximum logs listed per person and project; the others are counted. */
const NAMED = 5;

/** Formats what is new for people, by project and person. */
export function newsText(
  report: NewsReport & { readonly marked: boolean },
  style: TerminalStyle,
  timeZone: string,
): string {
  const from = dateTime(report.from, timeZone);
  const since = report.since === null ? `In the last seven days (you have not looked yet)` : `Since ${from}`;
  const counts = [
    `${plural(report.logs.length, 'new log')}${report.more ? ' and more' : ''}`,
    plural(report.notes, 'note'),
    plural(report.tasks, 'task'),
  ];
  const isEmpty = report.logs.length + report.notes + report.tasks === 0;
  const lines = [isEmpty ? `${since}: nothing new.` : `${style.bold(`${since}:`)} ${counts.join(', ')}`];
  for (const [project, logs] of groupBy(
    report.logs,
    ({ project, client }) => project ?? client ?? 'No project',
  )) {
    lines.push('', style.bold(project));
    for (const [person, theirs] of groupBy(logs, ({ user, author }) => user ?? author ?? 'nobody named'))
      lines.push(...personLines(person, theirs, style));
  }
  if (report.notes > 0) lines.push('', '`session-log notes` shows the notes.');
  if (report.tasks > 0) lines.push('', '`session-log pending` lists the tasks.');
  if (report.marked) lines.push('', 'Remembered as looked at.');
  else if (!isEmpty) lines.push('', '`session-log since --mark` remembers that you have looked.');
  return lines.join('\n');
}

function personLines(person: string, logs: readonly NewsLog[], style: TerminalStyle): readonly string[] {
  const rest = logs.length - NAMED;
  return [
    `  ${person}: ${plural(logs.length, 'log')}`,
    ...logs.slice(0, NAMED).map(({ date, title, path, host, grown, id }) => {
      const more = grown ? ' (has grown)' : '';
      return `    ${date}  ${title ?? path}${more}  ${style.faint(`${host}  ${id}`)}`;
    }),
    ...(rest > 0 ? [`    and ${plural(rest, 'more log')}`] : []),
  ];
}
