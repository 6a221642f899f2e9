import { logId } from '../../../shared/domain/ids.ts';
import { partId } from '../../../shared/domain/log-path.ts';
import type { ListedTask, ListedThread } from '../../../shared/domain/pending-list.ts';
import { en } from '../../../shared/i18n/en.ts';
import { hashOf } from '../../../shared/ipc/route.ts';
import { groupBy } from '../../../shared/group-by.ts';

/** A task with its position among all shown. */
export interface TaskRow {
  readonly task: ListedTask;
  /** 0-based, across threads and projects. */
  readonly at: number;
  /** Address of the log, at the task. */
  readonly href: string;
}

/** The threads of a project. */
export interface ProjectRows {
  readonly name: string;
  readonly items: readonly ThreadRows[];
}

export interface ThreadRows {
  readonly thread: ListedThread;
  readonly href: string;
  readonly rows: readonly TaskRow[];
}

/** Threads below their projects, with every task numbered in keyboard order. */
export function taskRows(threads: readonly ListedThread[]): readonly ProjectRows[] {
  let next = 0;
  const projects = groupBy(threads, ({ project, client }) => project ?? client ?? en.pending.noProject);
  return [...projects].map(([name, items]) => ({
    name,
    items: items.map((thread) => ({
      thread,
      href: placeOf(thread, null),
      rows: thread.tasks.map((task) => {
        const at = next;
        next += 1;
        return { task, at, href: placeOf(thread, task.readLine) };
      }),
    })),
  }));
}

/** The log, or the session of a daily log, at a line of its text. */
function placeOf({ machine, path, part }: ListedThread, line: number | null): string {
  const log = partId(logId(machine, path), part);
  return hashOf({ view: 'logs', log, ...(line === null ? {} : { line }) });
}
