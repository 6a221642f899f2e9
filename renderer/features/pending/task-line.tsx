import { useId } from 'react';
import type { ListedTask } from '../../../shared/domain/pending-list.ts';
import { dateTime, shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { cx } from '../../ui/icon.tsx';
import type { TaskRow } from './task-rows.ts';
import styles from './pending.module.css';

export interface TaskLineProps {
  readonly row: TaskRow;
  /** The day of the log: a task of the same age shows no day of its own. */
  readonly day: string;
  /** The one task reachable by Tab; keys lead to the others. */
  readonly current: boolean;
  readonly today: string;
  readonly timeZone: string;
  readonly onTick: (task: ListedTask) => void;
  readonly onFocus: (at: number) => void;
}

/** One task: a box to tick it off, its text as a link to its place in the log, and who completed it. */
export function TaskLine(props: TaskLineProps) {
  const { row, current } = props;
  const { task, at, href } = row;
  const id = useId();
  const done = task.state === 'done';
  const facts = taskFacts(task, props);
  return (
    <li className={cx(styles.task, done && styles.done)}>
      <input
        type="checkbox"
        data-at={at}
        checked={done}
        // Only the log itself can undo its own tick; the box stays reachable by keyboard.
        aria-disabled={isTickedInLog(task) || undefined}
        aria-labelledby={`${id}-text`}
        aria-describedby={facts === '' ? undefined : `${id}-facts`}
        tabIndex={current ? 0 : -1}
        onChange={() => props.onTick(task)}
        onFocus={() => props.onFocus(at)}
      />
      <div>
        <a id={`${id}-text`} href={href} tabIndex={current ? 0 : -1} dir="auto">
          {visibleLine(task.text)}
        </a>
        {facts === '' ? null : (
          <p id={`${id}-facts`} dir="auto">
            {facts}
          </p>
        )}
      </div>
    </li>
  );
}

/** True for a task ticked in the log itself: no mark reopens it. */
export function isTickedInLog(task: ListedTask): boolean {
  return task.doneInLog && task.doneBy === null;
}

function taskFacts(
  task: ListedTask,
  { day, today, timeZone }: Pick<TaskLineProps, 'day' | 'today' | 'timeZone'>,
): string {
  const { doneBy } = task;
  return [
    task.group === null ? '' : visibleLine(task.group),
    task.since < day ? en.pending.since(shortDay(task.since, today)) : '',
    doneBy === null
      ? task.doneInLog
        ? en.pending.doneInLog
        : ''
      : en.pending.doneBy(
          visibleLine(doneBy.reader),
          visibleLine(doneBy.host),
          dateTime(doneBy.at, timeZone),
        ),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
