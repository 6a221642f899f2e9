import type { Answer } from '../../../shared/app-error.ts';

/** A lock's owner, as far as its record tells. For people and `--json` only, never for decisions. */
export interface LockOwner {
  readonly host: string;
  readonly pid: number;
  /** When the owner took the lock, epoch milliseconds; 0 when the record does not say. */
  readonly since: number;
  /** The owner's stated activity, e.g. `git-sync`. */
  readonly command: string;
  readonly who: string;
  /** User id of the lock folder's owner, where the record names nobody; absent where the system has none. */
  readonly uid?: number;
  readonly verdict: 'alive' | 'dead' | 'unknown';
}

/**
 * How a release ended. `lost`: another process had removed our record, so nothing was removed. `stuck`: the file system refused to remove
 * our record; it counts as dead once this process ends.
 */
export type Released = 'released' | 'lost' | 'stuck';

/** The lock's name inside the common git folder, and older programs' names to be honoured there. */
export const LOCK_NAME = 'session-log-sync.lock';
export const OLDER_LOCK_NAMES = ['claudetools-sync.lock'] as const;

export interface HeldLock {
  /**
   * Checks by looking for our record that the lock is still ours. Call before every irreversible step.
   * @returns `lock-lost` when the record is gone: stop at once and leave everything as it is.
   */
  fence(): Answer<void>;
  /** Releases the lock; repeated calls return the same. */
  release(): Promise<Released>;
}

export interface LockRequest {
  /** Absolute path of the lock directory, e.g. `<git-common-dir>/session-log-sync.lock`. */
  readonly path: string;
  /** Absolute paths of older lock names to honour and hold as well. */
  readonly alsoHonour?: readonly string[];
  /** What this run does, for waiting runs. */
  readonly command: string;
  /** Monotonic milliseconds to wait for a live owner before failing with `lock-held`. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called at most once a second while waiting, with the current owner. */
  readonly onWait?: (owner: LockOwner) => void;
}

/** Mutual exclusion between processes, on this and other machines, that see the same folder. */
export interface Locks {
  /** @returns `lock-held` (deferred, exit 75) naming the owner when the wait runs out; `cancelled` on abort. */
  acquire(request: LockRequest): Answer<HeldLock>;
  /** Current owner of the lock at `path`; null when free. */
  status(path: string): Answer<LockOwner | null>;
}
