import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import type { KnownSession } from '../capture/known-sessions.ts';
import type { RunOptions } from './sync-deps.ts';

/** Why copies stay here: nobody wants them stored, or this store is in the clear and nobody has allowed that. */
export type CopiesStay = 'never' | 'in-the-clear';

/** A push's result for safe copies of agents' sessions. Sessions are named as `<agent>/<month>/<id>`. */
export interface CopiesPushed {
  /** Sessions with complete stored copies. */
  readonly inStore: number;
  /** Sessions partly pushed by this run or, in a dry run, to be pushed; at most 200 are named. */
  readonly pushed: readonly string[];
  readonly pushedTotal: number;
  /** Pushed pieces and bytes. */
  readonly pieces: number;
  readonly bytes: number;
  /** Sessions not completely stored that may be pushed. */
  readonly waiting: number;
  /** Sessions that stay here by `sync.stayHere`, or (in a dry run, which counts them) because none leaves. */
  readonly stay: number;
  /** Why none is pushed; null when they are. */
  readonly why: CopiesStay | null;
  /** At most 200 are named. */
  readonly failed: readonly { readonly session: string; readonly error: AppError }[];
  readonly failedTotal: number;
}

/** The result of restoring copies. */
export interface CopiesRestored {
  /** Sessions whose copy is complete on this disk again, and the downloaded bytes. */
  readonly restored: number;
  readonly bytes: number;
  /** Sessions only in the store, because the space for copies is used up. */
  readonly left: number;
  /** At most 200 are named. */
  readonly failed: readonly { readonly session: string; readonly error: AppError }[];
  readonly failedTotal: number;
  /** Objects and sessions in this machine's folder that it did not write; at most 200. Left alone. */
  readonly strangers: readonly string[];
}

export interface RestoreCopiesOptions extends RunOptions {
  /** Installs of this machine: any other writer is a stranger. */
  readonly writers: ReadonlySet<string>;
  /** Total space for copies on this disk, in bytes. */
  readonly room: number;
}

/** What was deleted from this disk, being safe in the store. */
export interface DroppedCopies {
  readonly dropped: readonly KnownSession[];
  readonly bytes: number;
  /** Older sessions kept because they are nowhere else; at most 200 are named. */
  readonly onlyHere: readonly string[];
  readonly onlyHereTotal: number;
}

/** A fault of a copy, and its remedy. */
export interface CopyProblem {
  readonly session: string;
  readonly problem: string;
  readonly remedy: string;
}

export interface CheckCopiesOptions extends Pick<RunOptions, 'signal'> {
  /** Download and verify every piece instead of trusting the store's facts. */
  readonly deep?: boolean;
  /** Set right what can be. */
  readonly repair?: boolean;
}

/** State of copies here and in the store. */
export interface CheckedCopies {
  readonly sessions: number;
  /** Stored pieces, and those downloaded and verified. */
  readonly pieces: number;
  readonly fetched: number;
  /** Sessions not yet completely stored. */
  readonly waiting: number;
  /** What was repaired. */
  readonly healed: number;
  /** At most 200 are named. */
  readonly problems: readonly CopyProblem[];
  readonly problemsTotal: number;
  /** Foreign objects among the copies; at most 200. */
  readonly foreign: readonly string[];
}

/** The safe copies of agents' sessions, in relation to the store. */
export interface SessionCopies {
  /**
   * Pushes what the store lacks. The caller holds the data folder's lock; resumable at any moment, because every piece is created once.
   * @param claim claims the partition; called before the first write
   * @returns the problem says why some are missing
   */
  push(
    options: RunOptions,
    claim: () => Promise<Result<void, AppError>>,
  ): Promise<{ readonly report: CopiesPushed; readonly problem: AppError | null }>;
  /**
   * Completes a session's copy on this disk: what is missing comes from the agent's file or the store. Waits for a running capture.
   * @param session its month where known here
   * @param options `prove`: also verify what is here
   * @returns the copy's folder, absolute
   */
  fetch(
    session: SessionKey & { readonly month: string | null },
    options: Pick<RunOptions, 'signal'> & { readonly prove?: boolean },
  ): Promise<Result<{ readonly folder: string; readonly pieces: readonly string[] }, AppError>>;
  /**
   * Verifies them, here and in the store. With `repair` the caller holds the data folder's lock and the claim; it then waits for a running
   * capture.
   */
  check(options: CheckCopiesOptions): Promise<Result<CheckedCopies, AppError>>;
  /**
   * Deletes stored pieces from this disk, those of the oldest sessions first. The caller holds the capture lock.
   * @param sessions that may lose their pieces
   * @param excess bytes to free
   */
  drop(
    sessions: readonly KnownSession[],
    excess: number,
    options: Pick<RunOptions, 'signal'>,
  ): Promise<Result<DroppedCopies, AppError>>;
  /** Restores what this disk lacks. The caller holds the data folder's lock; waits for a running capture. */
  restore(options: RestoreCopiesOptions): Promise<Result<CopiesRestored, AppError>>;
}
