import type { MachineUuid } from './ids.ts';

/** "`reader` is through with this task", or has taken that back: the list of a log itself is never edited. */
export interface TaskMark {
  readonly kind: 'task';
  /** {@link TASK_ID}: what the task is called on every machine. */
  readonly task: string;
  /** Short name. */
  readonly reader: string;
  /** Epoch milliseconds; the latest mark of a task counts. */
  readonly at: number;
  readonly state: 'done' | 'open';
}

/** How far a person has looked at what is new; the latest of a person counts. */
export interface LookMark {
  readonly kind: 'look';
  readonly reader: string;
  /** When the person looked, epoch milliseconds. */
  readonly at: number;
  /** What was written here until then is known, epoch milliseconds; differs from `at` where a look was taken back. */
  readonly upTo: number;
  /** How far the logs of other machines were at hand then: the moments of their shards, each by its machine's own clock. */
  readonly seen: Readonly<Record<string, number>>;
}

/**
 * What this machine's readers have done. Travels in the machine's own shard beside the receipts of notes; programs that do not know a
 * kind, or marks at all, read past it.
 */
export type Mark = TaskMark | LookMark;

/** A mark and the machine that says it. */
export type MarkOf = Mark & { readonly machine: MachineUuid; readonly host: string };

/** Hexadecimal digits of a task's id. */
export const TASK_ID = 32;
/** Machines that one look names. */
export const SEEN_LIMIT = 1_000;
