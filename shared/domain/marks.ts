import type { MachineUuid } from './ids.ts';

/** "`reader` is done with this task", or has undone that: the list in the log itself is never edited. */
export interface TaskMark {
  readonly kind: 'task';
  /** {@link TASK_ID}: the task's id on every machine. */
  readonly task: string;
  /** Short name. */
  readonly reader: string;
  /** Epoch milliseconds; the latest mark of a task counts. */
  readonly at: number;
  readonly state: 'done' | 'open';
}

/** How far a person has looked at what is new; a person's latest counts. */
export interface LookMark {
  readonly kind: 'look';
  readonly reader: string;
  /** When the person looked, epoch milliseconds. */
  readonly at: number;
  /** Everything written here before this is known, epoch milliseconds; differs from `at` when a look was undone. */
  readonly upTo: number;
  /** How far other machines' logs were available then: the times of their shards, each by its machine's own clock. */
  readonly seen: Readonly<Record<string, number>>;
}

/** "Forget what this machine has stored of a log, or of a secret in it": every holder of a copy drops it. */
export interface ForgetMark {
  readonly kind: 'forget';
  /** Host name of the machine. */
  readonly reader: string;
  /** Epoch milliseconds; copies made earlier are dropped. */
  readonly at: number;
  /** Path of the log in this machine's partition. */
  readonly log: string;
  readonly what: 'log' | 'secret';
  /** The log's session, if it had one: no other log is made from that session automatically. */
  readonly session?: string;
}

/** "This machine has dropped its copy of that log": the receipt for a {@link ForgetMark}. */
export interface ForgottenMark {
  readonly kind: 'forgotten';
  readonly reader: string;
  readonly at: number;
  /** The owner of the log. */
  readonly owner: string;
  readonly log: string;
  /** The time of the mark it answers. */
  readonly asked: number;
}

/** "This value is not a secret": declared by its owner, and valid on all of their machines. */
export interface HarmlessMark {
  readonly kind: 'harmless';
  /** Short name. */
  readonly reader: string;
  readonly at: number;
  /** SHA-256 of the value. */
  readonly digest: string;
}

/**
 * What this machine's readers have done. Stored in the machine's own shard beside the receipts of notes; programs that do not know a
 * kind, or marks at all, ignore it.
 */
export type Mark = TaskMark | LookMark | ForgetMark | ForgottenMark | HarmlessMark;

/** A mark and the machine that published it. */
export type MarkOf = Mark & { readonly machine: MachineUuid; readonly host: string };

/** Hexadecimal digits of a task's id. */
export const TASK_ID = 32;
/** Maximum machines in one look. */
export const SEEN_LIMIT = 1_000;
