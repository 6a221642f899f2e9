import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/** Who holds a lock, as far as its record tells. Everything here is for people and for `--json`, never for verdicts. */
export interface LockOwner {
  readonly host: string;
  readonly pid: number;
  /** Epoch milliseconds at which the owner took the lock; 0 when the record does not say. */
  readonly since: number;
  /** What the owner says it is doing, e.g. `git-sync`. */
  readonly command: string;
  readonly who: string;
  /** Numeric user id of the lock folder's owner, where the record names nobody; absent where the system has none. */
  readonly uid?: number;
  readonly verdict: 'alive' | 'dead' | 'unknown';
}

/**
 * How a release ended. `lost`: somebody else had removed our record, and nothing was removed then. `stuck`: the file
 * system refused to remove our record; it counts as dead as soon as this process ends.
 */
export type Released = 'released' | 'lost' | 'stuck';

/** The lock's name inside the common git folder, and the names of older programs that must be honoured there. */
export const LOCK_NAME = 'session-log-sync.lock';
export const OLDER_LOCK_NAMES = ['claudetools-sync.lock'] as const;

export interface HeldLock {
  /**
   * Proves, by looking for our own record, that the lock is still ours. Call it before every step that cannot be undone.
   * @returns `lock-lost` when the record is gone: stop at once and leave everything as it is.
   */
  fence(): Promise<Result<void, AppError>>;
  /** Gives the lock up; a second call answers as the first. */
  release(): Promise<Released>;
}

export interface LockRequest {
  /** Absolute path of the lock directory, e.g. `<git-common-dir>/session-log-sync.lock`. */
  readonly path: string;
  /** Older names that must be honoured and held as well, absolute paths. */
  readonly alsoHonour?: readonly string[];
  /** What this run does, for whoever waits. */
  readonly command: string;
  /** Milliseconds of monotonic time to wait for a live owner before giving up with `lock-held`. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** Called at most once a second while waiting, with who is in the way. */
  readonly onWait?: (owner: LockOwner) => void;
}

/** Mutual exclusion between processes of this and other machines that can see the same folder. */
export interface Locks {
  /** @returns `lock-held` (deferred, exit 75) naming the owner when the wait runs out; `cancelled` on abort. */
  acquire(request: LockRequest): Promise<Result<HeldLock, AppError>>;
  /** Who holds the lock at `path` now; null when nobody does. */
  status(path: string): Promise<Result<LockOwner | null, AppError>>;
}
