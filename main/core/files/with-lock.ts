import type { Answer } from '../../../shared/app-error.ts';
import type { Files } from '../ports/files.ts';
import type { LockRequest, Locks } from '../ports/lock.ts';
import { folderPath, parentOf } from './folder-path.ts';

/**
 * Runs something while holding a lock of the data folder; creates the lock's folder if missing.
 * @returns the result of `run`; `lock-held` when the wait ran out and nothing was run
 */
export async function withLock<T>(
  deps: { readonly files: Files; readonly locks: Locks },
  request: Pick<LockRequest, 'path' | 'command' | 'waitMs'>,
  run: () => Answer<T>,
): Answer<T> {
  const folder = parentOf(folderPath(request.path));
  const made = await deps.files.makeFolder(folder ?? request.path);
  if (!made.ok) return made;
  const lock = await deps.locks.acquire(request);
  if (!lock.ok) return lock;
  try {
    return await run();
  } finally {
    await lock.value.release();
  }
}
