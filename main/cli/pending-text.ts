import type { ListedTask, ListedThread, PendingReport } from '../../shared/domain/pending-list.ts';
import { plural } from '../../shared/format/amount.ts';
import { dateTime } from '../../shared/format/time.ts';
import type { TerminalStyle } from './terminal-style.ts';

/** Characters of an id that identify a task in a team's list. */
const ID_LETTERS = 8;

/** Formats tasks for people, thread by thread, each with the id that `pending done` takes. */
export function pendingText(
  report: PendingReport & { readonly waiting: number },
  style: TerminalStyle,
  timeZone: string,
): string {
  if (report.threads.length === 0) return [nothingText(report), ...waitingText(report)].join('\n');
  const lines = report.threads.flatMap((thread) => [...threadLines(thread, style, timeZone), '']);
  const done = report.done === 0 ? '' : `, ${report.done} done`;
  const more = report.more ? '; --limit shows more' : '';
  return [...lines, `${plural(report.open, 'open task')}${done}${more}`, ...waitingText(report)].join('\n');
}

function threadLines(thread: ListedThread, style: TerminalStyle, timeZone: string): readonly string[] {
  const facts = [thread.day, thread.user, thread.project ?? thread.client, thread.host]
    .filter((fact) => fact !== null)
    .join(', ');
  let group: string | null = null;
  const lines = [`${style.bold(thread.title ?? thread.path)}  ${facts}`];
  for (const task of thread.tasks) {
    if (task.group !== group && task.group !== null) lines.push(`  ${style.faint(`${task.group}:`)}`);
    group = task.group;
    lines.push(taskLine(task, thread, style, timeZone));
  }
  return [...lines, `  ${style.faint(idOf(thread))}`];
}

function taskLine(task: ListedTask, thread: ListedThread, style: TerminalStyle, timeZone: string): string {
  const id = style.faint(task.id.slice(0, ID_LETTERS));
  const since = task.since === thread.day ? '' : style.faint(`  (since ${task.since})`);
  if (task.state === 'open') return `  ${id}  [ ] ${task.text}${since}`;
  const { doneBy } = task;
  const by =
    doneBy === null
      ? 'in the log'
      : `by ${doneBy.reader} on ${doneBy.host}, ${dateTime(doneBy.at, timeZone)}`;
  return `  ${id}  [x] ${task.text}${style.faint(`  (done ${by})`)}`;
}

function idOf({ machine, path, part }: ListedThread): string {
  return part === null ? `${machine}/${path}` : `${machine}/${path}#${part}`;
}

function nothingText({ done }: PendingReport): string {
  return done === 0
    ? 'Nothing is pending in the newest logs.'
    : `Nothing is pending: ${plural(done, 'task')} done; --all lists them.`;
}

function waitingText({ waiting }: { readonly waiting: number }): readonly string[] {
  if (waiting === 0) return [];
  const are = waiting === 1 ? 'is' : 'are';
  return [
    `${plural(waiting, 'log')} of this machine ${are} not read in yet; \`session-log search --update\` does it at once.`,
  ];
}
