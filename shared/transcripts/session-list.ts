import type { LogId } from '../domain/ids.ts';
import type { AgentId } from './agents.ts';
import type { Countdown } from './countdown.ts';

/** Names a session: an id alone may be two agents'. */
export interface SessionKey {
  readonly agent: AgentId;
  readonly id: string;
}

/**
 * What there is of a session to read: a log that somebody wrote, one made of its transcript, or why there is none. `short`: nothing was done in
 * it. `program`: a program ran it, not a person. `never`: its folder is never captured. `waiting`: it is captured when it falls quiet.
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

/** A session of an agent on this machine; or the runs of programs in one project on one day, which are one row. */
export interface SessionRow extends SessionKey {
  readonly title: string | null;
  readonly project: string | null;
  /** Where it was started, absolute as the agent wrote it. */
  readonly folder: string | null;
  /** Epoch milliseconds; of a session that says no time, of its file. */
  readonly startedAt: number | null;
  readonly lastAt: number;
  /** Null until the whole transcript was read. */
  readonly prompts: number | null;
  readonly changedFiles: number | null;
  readonly commands: number | null;
  readonly commits: number | null;
  readonly models: readonly string[];
  /** Bytes of all its files. */
  readonly size: number;
  readonly log: SessionLogState;
  /** Its captured log, in the index of this machine. */
  readonly logId: LogId | null;
  /** The safe copy here: whole, behind the transcript, or none. */
  readonly copy: 'whole' | 'behind' | 'none';
  /** The whole copy is in the store, as this machine remembers it. */
  readonly inStore: boolean;
  readonly countdown: Countdown;
  /** False when nothing in it could be read. */
  readonly isUnderstood: boolean;
  /** 1, or how many runs of programs this row stands for. */
  readonly runs: number;
}

/** What the panel says of all sessions at once. */
export interface SessionSums {
  /** Sessions by agent, agents without any left out; runs of programs are not counted. */
  readonly agents: readonly { readonly agent: AgentId; readonly sessions: number }[];
  readonly total: number;
  readonly runs: number;
  readonly written: number;
  readonly captured: number;
  /** Whole copies here and in the store, and what all copies take on the disk, in bytes. */
  readonly copied: number;
  readonly inStore: number;
  readonly copyBytes: number;
  /** Deleted by their agent within a week, runs of programs left out: all, those that are safe in a store, and those of which there is nothing but the agent's file. */
  readonly due: number;
  readonly dueInStore: number;
  readonly dueOnlyThere: number;
  /** Days until the next deletion; null when none is due. */
  readonly nextDays: number | null;
  /** Files that nobody understands. */
  readonly notUnderstood: number;
}

/** Something that was passed over, in words. */
export interface SessionNotice {
  readonly path: string;
  readonly problem: string;
}

/** How an agent can be told to keep its sessions longer: the file, and what to write into it. Nothing is written by us. */
export interface RetentionOffer {
  readonly agent: AgentId;
  readonly path: string;
  readonly days: number;
  readonly edit: string;
}
