import type { LogId } from '../domain/ids.ts';
import type { AgentId } from './agents.ts';
import type { Countdown } from './countdown.ts';

/** Identifies a session: an id alone may exist for two agents. */
export interface SessionKey {
  readonly agent: AgentId;
  readonly id: string;
}

/**
 * Which log a session has: a hand-written one, one made from its transcript, or why it has none. `short`: nothing was done in it.
 * `program`: run by a program, not a person. `never`: its folder is never captured. `waiting`: it is captured once it is quiet.
 */
export type SessionLogState =
  | 'written'
  | 'captured'
  | 'waiting'
  | 'none'
  | 'short'
  | 'program'
  | 'never'
  | 'forgotten';

/** A session of an agent on this machine; or one project's runs by programs on one day, as one row. */
export interface SessionRow extends SessionKey {
  readonly title: string | null;
  readonly project: string | null;
  /** Where it was started, absolute as the agent wrote it. */
  readonly folder: string | null;
  /** Epoch milliseconds; the file's time for a session without one. */
  readonly startedAt: number | null;
  readonly lastAt: number;
  /** Null until the whole transcript is read. */
  readonly prompts: number | null;
  readonly changedFiles: number | null;
  readonly commands: number | null;
  readonly commits: number | null;
  readonly models: readonly string[];
  /** Total size of its files in bytes. */
  readonly size: number;
  readonly log: SessionLogState;
  /** Its captured log, in this machine's index. */
  readonly logId: LogId | null;
  /** The safe copy here: whole, behind the transcript, or none. */
  readonly copy: 'whole' | 'behind' | 'none';
  /** True when the store has the whole copy, as remembered by this machine. */
  readonly inStore: boolean;
  readonly countdown: Countdown;
  /** False when nothing in it could be parsed. */
  readonly isUnderstood: boolean;
  /** 1, or how many program runs this row stands for. */
  readonly runs: number;
}

/** Totals of all sessions, for the panel. */
export interface SessionSums {
  /** Sessions by agent, without agents that have none; program runs are not counted. */
  readonly agents: readonly { readonly agent: AgentId; readonly sessions: number }[];
  readonly total: number;
  readonly runs: number;
  readonly written: number;
  readonly captured: number;
  /** Whole copies here and in the store, and the disk space of all copies in bytes. */
  readonly copied: number;
  readonly inStore: number;
  readonly copyBytes: number;
  /** Deleted by their agent within a week, without program runs: all, those safe in a store, and those that exist only in the agent's file. */
  readonly due: number;
  readonly dueInStore: number;
  readonly dueOnlyThere: number;
  /** Days until the next deletion; null when none is due. */
  readonly nextDays: number | null;
  /** Sessions that *Keep all* would copy or make a log of; a row of program runs counts once. */
  readonly toKeep: number;
  /** Files that could not be parsed. */
  readonly notUnderstood: number;
}

/** Something that was skipped, in words. */
export interface SessionNotice {
  readonly path: string;
  readonly problem: string;
}

/** How an agent can be made to keep its sessions longer: the file, and what to write into it. We write nothing. */
export interface RetentionOffer {
  readonly agent: AgentId;
  readonly path: string;
  readonly days: number;
  readonly edit: string;
}
