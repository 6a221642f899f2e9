import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import type { KnownSession } from '../capture/known-sessions.ts';
import type { RunOptions } from './sync-deps.ts';

/** Why copies stay here: nobody wants them in a store, or this store is in the clear and nobody has said that it may be. */
export type CopiesStay = 'never' | 'in-the-clear';

/** What a push did for the safe copies of agents' sessions. Sessions are named as `<agent>/<month>/<id>`. */
export interface CopiesPushed {
  /** Sessions whose whole copy is in the store. */
  readonly inStore: number;
  /** Sessions of which something was pushed by this run or, in a trial run, would be; at most 200 are named. */
  readonly pushed: readonly string[];
  readonly pushedTotal: number;
  /** Pieces and bytes that were pushed. */
  readonly pieces: number;
  readonly bytes: number;
  /** Sessions that are not in the store as a whole and may go there. */
  readonly waiting: number;
  /** Sessions that stay here by `sync.stayHere`, or (in a trial run, which counts them) because none leaves. */
  readonly stay: number;
  /** Why none of them leaves; null when they do. */
  readonly why: CopiesStay | null;
  /** At most 200 are named. */
  readonly failed: readonly { readonly session: string; readonly error: AppError }[];
  readonly failedTotal: number;
}

/** What bringing copies back came to. */
export interface CopiesRestored {
  /** Sessions whose copy is whole on this disk again, and the bytes that came for it. */
  readonly restored: number;
  readonly bytes: number;
  /** Sessions that stay in the store alone, because the room for copies is used up. */
  readonly left: number;
  /** At most 200 are named. */
  readonly failed: readonly { readonly session: string; readonly error: AppError }[];
  readonly failedTotal: number;
  /** Objects and sessions in this machine's folder that it did not write; at most 200. They are left where they are. */
  readonly strangers: readonly string[];
}

export interface RestoreCopiesOptions extends RunOptions {
  /** Installs of this machine: what says another writer is a stranger's. */
  readonly writers: ReadonlySet<string>;
  /** What all copies may take on this disk, in bytes. */
  readonly room: number;
}

/** What went from this disk because it is safe in the store. */
export interface DroppedCopies {
  readonly dropped: readonly KnownSession[];
  readonly bytes: number;
  /** Older sessions that stay because they are nowhere else; at most 200 are named. */
  readonly onlyHere: readonly string[];
  readonly onlyHereTotal: number;
}

/** Something that is wrong with a copy, and the step that sets it right. */
export interface CopyProblem {
  readonly session: string;
  readonly problem: string;
  readonly remedy: string;
}

export interface CheckCopiesOptions extends Pick<RunOptions, 'signal'> {
  /** Fetch every piece from the store and prove it, instead of trusting what the store states. */
  readonly deep?: boolean;
  /** Set right what can be. */
  readonly repair?: boolean;
}

/** How copies are, here and in the store. */
export interface CheckedCopies {
  readonly sessions: number;
  /** Pieces that the store has, and those that were fetched and proven. */
  readonly pieces: number;
  readonly fetched: number;
  /** Sessions that are not in the store as a whole yet. */
  readonly waiting: number;
  /** What was set right. */
  readonly healed: number;
  /** At most 200 are named. */
  readonly problems: readonly CopyProblem[];
  readonly problemsTotal: number;
  /** Objects among the copies that are none; at most 200. */
  readonly foreign: readonly string[];
}

/** The safe copies of agents' sessions, as far as they are matters of the store. */
export interface SessionCopies {
  /**
   * Pushes what the store lacks of them. By whoever holds the lock of the data folder; resumable at any moment, because every piece is made once.
   * @param claim takes the partition; called before the first write
   * @returns the problem says why not all are there
   */
  push(
    options: RunOptions,
    claim: () => Promise<Result<void, AppError>>,
  ): Promise<{ readonly report: CopiesPushed; readonly problem: AppError | null }>;
  /**
   * Makes the copy of a session whole on this disk: what is missing comes from the agent's file or from the store. Waits for a capture that runs.
   * @param session its month where that is known here
   * @param options `prove`: also look whether what is here is still what it was
   * @returns the folder of the copy, absolute
   */
  fetch(
    session: SessionKey & { readonly month: string | null },
    options: Pick<RunOptions, 'signal'> & { readonly prove?: boolean },
  ): Promise<Result<{ readonly folder: string; readonly pieces: readonly string[] }, AppError>>;
  /** Proves them, here and in the store. With `repair` by whoever holds the lock of the data folder and the claim; waits for a capture that runs then. */
  check(options: CheckCopiesOptions): Promise<Result<CheckedCopies, AppError>>;
  /**
   * Takes pieces off this disk that the store has, those of the oldest sessions first. By whoever holds the lock of the captures.
   * @param sessions that may lose their pieces
   * @param excess bytes that have to go
   */
  drop(
    sessions: readonly KnownSession[],
    excess: number,
    options: Pick<RunOptions, 'signal'>,
  ): Promise<Result<DroppedCopies, AppError>>;
  /** Brings back what this disk lacks. By whoever holds the lock of the data folder; waits for a capture that runs. */
  restore(options: RestoreCopiesOptions): Promise<Result<CopiesRestored, AppError>>;
}
