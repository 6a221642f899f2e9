import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** The aggregate is rebuilt at most once a day: it costs its whole size, and nobody of ours reads it. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * Writes `index/session-index.json`, the aggregate that ADR-058 names, for outside readers. Derived from the shards: it may lag and
 * may be deleted at any time. It is the export of this machine's index, which has to be of now; losing a race for it is fine.
 * @returns whether it was written
 */
export async function refreshSessionIndex(
  deps: SyncDeps,
  options: RunOptions,
): Promise<Result<boolean, AppError>> {
  const signal = options.signal ? { signal: options.signal } : {};
  const live = await deps.store.head(deps.layout.sessionIndex, signal);
  if (!live.ok) return live;
  if (live.value !== null && Math.abs(deps.clock.now() - live.value.updated) < MAX_AGE_MS) return ok(false);
  const measured = await deps.files.measure(deps.paths.cacheIndex, signal);
  if (!measured.ok) return measured;
  if (measured.value === null) return ok(false);
  const written = await deps.store.put(deps.layout.sessionIndex, measured.value.source, {
    ...signal,
    ifGenerationMatch: live.value?.generation ?? '0',
    contentType: 'application/json',
  });
  if (written.ok) return ok(true);
  // Somebody else was faster, or the name is busy: theirs is as good as ours.
  return written.error.code === 'precondition' || written.error.code === 'throttled' ? ok(false) : written;
}
