import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { logId } from '../../../shared/domain/ids.ts';
import { partId } from '../../../shared/domain/log-path.ts';
import type { ListedTask, ListedThread } from '../../../shared/domain/pending-list.ts';
import { hitTitle } from '../../../shared/format/log-title.ts';
import { shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { TaskLine } from './task-line.tsx';
import { taskRows, type ThreadRows } from './task-rows.ts';
import { useTick } from './use-tick.ts';
import styles from './pending.module.css';

export interface TaskListProps {
  readonly threads: readonly ListedThread[];
  /** Full names by short ones. */
  readonly people: ReadonlyMap<string, string>;
  readonly today: string;
  readonly timeZone: string;
}

/**
 * Tasks by project and thread. One box of the list is reached by Tab, J and K lead to the others; a box that disappears after being ticked
 * passes the focus to its successor.
 */
export function TaskList(props: TaskListProps) {
  const { threads, people, today, timeZone } = props;
  const groups = useMemo(() => taskRows(threads), [threads]);
  const count = threads.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const list = useRef<HTMLDivElement>(null);
  const tick = useTick();
  const [active, setActive] = useState(0);
  const current = Math.min(active, count - 1);
  // What was shown when a box was ticked: the next list may not include it.
  const ticked = useRef<readonly ListedThread[] | null>(null);
  const focus = (at: number): void => boxIn(list.current, at)?.focus();
  useEffect(() => {
    if (ticked.current === null || ticked.current === threads) return;
    ticked.current = null;
    if (document.activeElement === document.body || document.activeElement === null)
      boxIn(list.current, current)?.focus();
  }, [list, threads, current]);
  const onTick = (task: ListedTask): void => {
    ticked.current = threads;
    tick(task);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const box = event.target instanceof HTMLInputElement ? event.target : null;
    const at = box === null ? current : Number(box.dataset.at);
    const target = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      focus(Math.min(count - 1, Math.max(0, target)));
    } else if (event.key === 'x' || (event.key === 'Enter' && box !== null)) {
      const row = groups.flatMap(({ items }) => items.flatMap(({ rows }) => rows))[at];
      if (row === undefined) return;
      event.preventDefault();
      if (event.key === 'x') onTick(row.task);
      else window.location.hash = row.href;
    }
  };
  return (
    // The boxes have the focus; keys they do not handle bubble up to here.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={list} onKeyDown={onKeyDown}>
      {groups.map(({ name, items }) => (
        <section key={name} className={styles.project} aria-label={visibleLine(name)}>
          <h4>{visibleLine(name)}</h4>
          {items.map((thread) => (
            <Thread
              key={thread.href + (thread.thread.part ?? '')}
              {...{ thread, people, current, today, timeZone, onTick }}
              onFocus={setActive}
            />
          ))}
        </section>
      ))}
    </div>
  );
}

function boxIn(list: HTMLElement | null, at: number): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-at="${at}"]`) ?? null;
}

function Thread(props: {
  readonly thread: ThreadRows;
  readonly people: ReadonlyMap<string, string>;
  readonly current: number;
  readonly today: string;
  readonly timeZone: string;
  readonly onTick: (task: ListedTask) => void;
  readonly onFocus: (at: number) => void;
}) {
  const { thread, rows, href } = props.thread;
  const { people, current, today, timeZone, onTick, onFocus } = props;
  const person = thread.user === null ? en.pending.nobody : (people.get(thread.user) ?? thread.user);
  const title = hitTitle({ ...thread, id: partId(logId(thread.machine, thread.path), thread.part) });
  return (
    <article className={styles.thread}>
      <h5 dir="auto">
        <a href={href}>{visibleLine(title)}</a>
      </h5>
      <p className={styles.facts}>
        {visibleLine([person, thread.host].join(' · '))} ·{' '}
        <time dateTime={thread.day}>{shortDay(thread.day, today)}</time>
      </p>
      <ul>
        {rows.map((row) => (
          <TaskLine
            key={`${row.task.id} ${row.task.line}`}
            row={row}
            day={thread.day}
            current={row.at === current}
            {...{ today, timeZone, onTick, onFocus }}
          />
        ))}
      </ul>
    </article>
  );
}
