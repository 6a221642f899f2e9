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

/** "What this machine has stored of a log, or of a secret in it, is forgotten": whoever has a copy drops it. */
export interface ForgetMark {
  readonly kind: 'forget';
  /** Host name of the machine. */
  readonly reader: string;
  /** Epoch milliseconds; copies that were made before go. */
  readonly at: number;
  /** Path of the log in this machine's part. */
  readonly log: string;
  readonly what: 'log' | 'secret';
  /** Of which session the log was, where it said so: no other log is made of that one by itself. */
  readonly session?: string;
}

/** "This machine has dropped what it had of that log": the receipt for a {@link ForgetMark}. */
export interface ForgottenMark {
  readonly kind: 'forgotten';
  readonly reader: string;
  readonly at: number;
  /** Whose log it was. */
  readonly owner: string;
  readonly log: string;
  /** The moment of the mark that it answers. */
  readonly asked: number;
}

/** "This value is no secret": its owner said so, and it holds on each of their machines. */
export interface HarmlessMark {
  readonly kind: 'harmless';
  /** Short name. */
  readonly reader: string;
  readonly at: number;
  /** SHA-256 of the value. */
  readonly digest: string;
}

/**
 * What this machine's readers have done. Travels in the machine's own shard beside the receipts of notes; programs that do not know a
 * kind, or marks at all, read past it.
 */
export type Mark = TaskMark | LookMark | ForgetMark | ForgottenMark | HarmlessMark;

/** A mark and the machine that says it. */
export type MarkOf = Mark & { readonly machine: MachineUuid; readonly host: string };

/** Hexadecimal digits of a task's id. */
export const TASK_ID = 32;
/** Machines that one look names. */
export const SEEN_LIMIT = 1_000;
