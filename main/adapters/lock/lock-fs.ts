import { err, ok } from '../../../shared/result.ts';
import type { Result } from '../../../shared/result.ts';

/** What the lock reads from one `lstat`: enough to refuse a foreign object and to detect changes. */
export interface Entry {
  readonly kind: 'folder' | 'file' | 'symlink' | 'other';
  /** Epoch milliseconds by the file system's clock, which may differ from ours. */
  readonly mtimeMs: number;
  /** Numeric user id of the owner; absent if the system has none. */
  readonly uid?: number;
}

/**
 * The lock's few file system calls, one system call per method as far as Node allows, so that a test can inject a
 * decision (whose turn, a crash, a lost reply, an error) before each of them. Each rejects with an error that has an
 * errno `code`.
 */
export interface LockFs {
  /** Creates one folder, 0700. EEXIST for anything that already exists, including a dangling symlink. */
  mkdir(path: string): Promise<void>;
  /** Creates a file that must not exist, 0600, with this text. */
  writeNew(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  readdir(path: string): Promise<readonly string[]>;
  unlink(path: string): Promise<void>;
  /** Removes a folder only if it is empty. */
  rmdir(path: string): Promise<void>;
  /** Sets the modification time to now: the heartbeat. */
  touch(path: string): Promise<void>;
  /** Examines the name itself, never through a symlink. */
  lstat(path: string): Promise<Entry>;
  /** Reads the first few KiB of a small file as text; refuses to follow a symlink. */
  read(path: string): Promise<string>;
}

/** An expected refusal by the file system. */
export interface FsFailure {
  /** errno name, e.g. `ENOENT`. */
  readonly code: string;
  readonly message: string;
}

/**
 * Converts an errno rejection to a value.
 * @throws anything else: that is a bug, not a file system refusal.
 */
export async function attempt<T>(call: Promise<T>): Promise<Result<T, FsFailure>> {
  try {
    return ok(await call);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
      return err({ code: cause.code, message: cause.message });
    }
    throw cause;
  }
}
