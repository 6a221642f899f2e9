import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
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
  /** Sessions that stay here by `sync.stayHere`. */
  readonly stay: number;
  /** Why none of them leaves; null when they do. */
  readonly why: CopiesStay | null;
  /** At most 200 are named. */
  readonly failed: readonly { readonly session: string; readonly error: AppError }[];
  readonly failedTotal: number;
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
}
