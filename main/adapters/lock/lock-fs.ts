import { err, ok } from '../../../shared/result.ts';
import type { Result } from '../../../shared/result.ts';

/** What one `lstat` tells the lock: enough to refuse a foreign object and to see whether something moves. */
export interface Entry {
  readonly kind: 'folder' | 'file' | 'symlink' | 'other';
  /** Epoch milliseconds by the clock of the file system, which need not be ours. */
  readonly mtimeMs: number;
  /** Numeric user id of the owner; absent where the system has none. */
  readonly uid?: number;
}

/**
 * The few file system calls of the lock, one system call per method as far as Node allows, so that a test can put
 * a decision (whose turn, a crash, a lost reply, an error) before every one of them. Each rejects with an error
 * that carries an errno `code`.
 */
export interface LockFs {
  /** Makes one folder, 0700. EEXIST for anything that is already there, a dangling symlink too. */
  mkdir(path: string): Promise<void>;
  /** Creates a file that must not exist, 0600, with this text. */
  writeNew(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  readdir(path: string): Promise<readonly string[]>;
  unlink(path: string): Promise<void>;
  /** Removes a folder only if it is empty. */
  rmdir(path: string): Promise<void>;
  /** Sets the modification time to now: a sign of life. */
  touch(path: string): Promise<void>;
  /** Looks at the name itself, never through a symlink. */
  lstat(path: string): Promise<Entry>;
  /** The first few KiB of a small file as text; refuses to follow a symlink. */
  read(path: string): Promise<string>;
}

/** An expected refusal of the file system. */
export interface FsFailure {
  /** errno name, e.g. `ENOENT`. */
  readonly code: string;
  readonly message: string;
}

/**
 * Turns an errno rejection into a value.
 * @throws whatever is not an errno error: that is a bug, not a refusal of the file system.
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
