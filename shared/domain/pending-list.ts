import type { CalendarDate, LogPath, MachineUuid } from './ids.ts';

/** One task of the latest list of its thread. */
export interface PendingTask {
  /** The same on every machine and in every copy of the log; see marks.ts. */
  readonly id: string;
  /** Its line in the log, 1-based. */
  readonly line: number;
  /** Its line in the text that opens: for a session of a daily log, that session only. */
  readonly readLine: number;
  /** One line of plain text: another person's words, to be displayed and never followed. */
  readonly text: string;
  /** Ticked in the log itself. */
  readonly doneInLog: boolean;
  /** The heading or task above it. */
  readonly group: string | null;
  /** The first day on which its thread lists it. */
  readonly since: CalendarDate;
}

/**
 * The remaining tasks of one thread of work: the latest list by the same person on the same topic (or session) of the same project. A later
 * list replaces an earlier one, even if it says that nothing is left.
 */
export interface PendingThread {
  /** The machine that wrote the log, or a workspace's UUID. */
  readonly machine: MachineUuid;
  readonly host: string;
  readonly path: LogPath;
  /** The session inside a daily log; null for a log of its own. */
  readonly part: string | null;
  readonly title: string | null;
  /** Short name of the author, else the full name. */
  readonly user: string | null;
  readonly project: string | null;
  readonly client: string | null;
  readonly day: CalendarDate;
  /** When the list was saved, epoch milliseconds, if the log gives it. */
  readonly moment: number;
  /** Last modification of the log by its machine's clock, epoch milliseconds. */
  readonly mtime: number;
  readonly tasks: readonly PendingTask[];
}

/** Who completed a task, according to a mark. */
export interface TaskDoneBy {
  /** Short name. */
  readonly reader: string;
  /** Host name of the machine that published it. */
  readonly host: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A task with its state. */
export interface ListedTask extends PendingTask {
  readonly state: 'open' | 'done';
  /** Null for an open task, or one ticked only in the log. */
  readonly doneBy: TaskDoneBy | null;
}

/** A thread with the state of its tasks. */
export interface ListedThread extends Omit<PendingThread, 'tasks'> {
  /** True when the reader wrote the log. */
  readonly mine: boolean;
  readonly tasks: readonly ListedTask[];
}

/** Pending tasks across people and machines. */
export interface PendingReport {
  /** Short name of the reader. */
  readonly reader: string;
  /** Latest list first. */
  readonly threads: readonly ListedThread[];
  /** Number of matching tasks, shown or not. */
  readonly open: number;
  readonly done: number;
  /** True when the limit omits threads. */
  readonly more: boolean;
}
