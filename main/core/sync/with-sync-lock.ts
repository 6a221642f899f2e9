import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** Default wait for another sync of the same data folder. */
const DEFAULT_WAIT_MS = 120_000;

/**
 * Runs one sync of a data folder at a time, whichever process starts it (app, CLI, hook).
 * @returns `lock-held` (deferred) when another sync does not end in time: it will have done the work
 */
export async function withSyncLock<T>(
  deps: SyncDeps,
  what: string,
  options: RunOptions,
  run: () => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  if (options.dryRun) return run();
  const made = await deps.files.makeFolder(deps.paths.state);
  if (!made.ok) return made;
  const lock = await deps.locks.acquire({
    path: deps.paths.syncLock,
    command: what,
    waitMs: options.waitMs ?? DEFAULT_WAIT_MS,
    signal: options.signal,
    ...(options.onWait ? { onWait: options.onWait } : {}),
  });
  if (!lock.ok) return lock;
  try {
    await deps.store.beginRun?.();
    return await run();
  } finally {
    await lock.value.release();
  }
}
