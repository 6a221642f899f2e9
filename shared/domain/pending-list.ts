import type { CalendarDate, LogPath, MachineUuid } from './ids.ts';

/** One task of the newest list of its thread. */
export interface PendingTask {
  /** The same on every machine and in every copy of the log; see marks.ts. */
  readonly id: string;
  /** Where it stands in the log, 1-based. */
  readonly line: number;
  /** The same in the text that opens: of a session of a daily log that session alone. */
  readonly readLine: number;
  /** One line of plain text: another person's words, to be shown and never to be followed. */
  readonly text: string;
  /** Ticked in the log itself. */
  readonly doneInLog: boolean;
  /** The heading or task that it stands below. */
  readonly group: string | null;
  /** The first day on which its thread lists it. */
  readonly since: CalendarDate;
}

/**
 * What one thread of work has left to do: the newest list of the same person on the same topic (or session) of the same project. A later list
 * takes the place of an earlier one, also when it says that nothing is left.
 */
export interface PendingThread {
  /** The machine that wrote the log, or the UUID that stands for a workspace. */
  readonly machine: MachineUuid;
  readonly host: string;
  readonly path: LogPath;
  /** The session inside a daily log; null for a log of its own. */
  readonly part: string | null;
  readonly title: string | null;
  /** Short name of who wrote it, else the full name. */
  readonly user: string | null;
  readonly project: string | null;
  readonly client: string | null;
  readonly day: CalendarDate;
  /** When the list was saved, epoch milliseconds, as far as the log says it. */
  readonly moment: number;
  /** Last change of the log by the clock of its machine, epoch milliseconds. */
  readonly mtime: number;
  readonly tasks: readonly PendingTask[];
}

/** Who is through with a task, as a mark says it. */
export interface TaskDoneBy {
  /** Short name. */
  readonly reader: string;
  /** Host name of the machine that says it. */
  readonly host: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A task with what became of it. */
export interface ListedTask extends PendingTask {
  readonly state: 'open' | 'done';
  /** Null for one that is open, or that is ticked in the log alone. */
  readonly doneBy: TaskDoneBy | null;
}

/** A thread with what became of its tasks. */
export interface ListedThread extends Omit<PendingThread, 'tasks'> {
  /** True: the reader wrote the log. */
  readonly mine: boolean;
  readonly tasks: readonly ListedTask[];
}

/** What is still to be done, across people and machines. */
export interface PendingReport {
  /** Short name of who asks. */
  readonly reader: string;
  /** The newest list first. */
  readonly threads: readonly ListedThread[];
  /** Tasks that the question means, shown or not. */
  readonly open: number;
  readonly done: number;
  /** Threads are left out because of the limit. */
  readonly more: boolean;
}
