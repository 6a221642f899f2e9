import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok } from '../../../shared/result.ts';
import { openPartition } from '../sync/open-partition.ts';
import { refreshOwnRows } from '../ledger/refresh-own-rows.ts';
import { factsOfObject } from '../store/stored-facts.ts';
import { ownWriters } from '../sync/own-objects.ts';
import { restoreLogs, restoreOne, type RestoreReport } from '../sync/restore-logs.ts';
import type { CopiesRestored } from '../sync/session-copies.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';
import type { Outcome } from './outcome.ts';
import { recallKept } from './share-kept.ts';
import type { StoreBase } from './store-base.ts';

/** What was restored: logs, and safe copies of sessions, if any. */
export interface RestoreAllReport extends RestoreReport {
  readonly copies: CopiesRestored | null;
}

const GIGABYTE = 1_000_000_000;

/**
 * Restores every own log that the store has and this disk lacks, including those deleted here, and the safe copies of sessions as far as
 * they fit (`capture.diskLimit`). Changes nothing that is here.
 * @returns the problem `partial` when some could not be restored; a failure when the run had to stop
 */
export function restoreAll(
  base: Pick<StoreBase, 'sync' | 'settings' | 'secrets'>,
  options: RunOptions = {},
): Answer<Outcome<RestoreAllReport>> {
  const { sync, settings } = base;
  return withSyncLock<Outcome<RestoreAllReport>>(sync, 'restore', options, async () => {
    const partition = await openPartition(sync, options);
    if (!partition.ok) return partition;
    const { ledger, listing } = partition.value;
    const all = new Set<string>(listing.logs.keys());
    if (!options.dryRun) await recallKept(base);
    const logs = await restoreLogs(sync, ledger, listing, options, all);
    if (!options.dryRun) await refreshOwnRows(sync, ledger);
    if (!logs.ok) return logs;
    const copies = await bringCopies(sync, settings.capture.diskLimit * GIGABYTE, options);
    const report = { ...logs.value, copies: copies.ok ? copies.value : null };
    return ok({ report, problem: copies.ok ? problemIn(report) : copies.error });
  });
}

async function bringCopies(sync: SyncDeps, room: number, options: RunOptions): Answer<CopiesRestored | null> {
  if (sync.copies === undefined) return ok(null);
  const writers = await ownWriters(sync, options);
  return writers.ok ? sync.copies.restore({ ...options, writers: writers.value, room }) : writers;
}

function problemIn({ failed, copies }: RestoreAllReport): AppError | null {
  const [first] = failed;
  if (first !== undefined)
    return appError(
      'partial',
      `${plural(failed.length, 'log')} could not be restored. ${first.error.message}`,
      first.error.remedy,
    );
  const [copy] = copies?.failed ?? [];
  if (copy === undefined) return null;
  const count = plural(copies?.failedTotal ?? 0, 'session');
  return appError(
    'partial',
    `The copies of ${count} could not be restored. ${copy.error.message}`,
    copy.error.remedy,
  );
}

/** Result of taking a log back. */
export interface TakenBack {
  /** False if the local log was the stored one already. */
  readonly changed: boolean;
  /** Where the local bytes were kept; null when there were none, or none that differ. */
  readonly keptAs: string | null;
}

/**
 * Resolves "the log here is shorter than the stored one" by restoring the stored one. Any local bytes are first kept beside it under a name
 * that is not a log.
 */
export function takeBack(
  { sync }: Pick<StoreBase, 'sync'>,
  path: LogPath,
  options: RunOptions = {},
): Answer<TakenBack> {
  return withSyncLock<TakenBack>(sync, 'restore', options, async () => {
    const partition = await openPartition(sync, options);
    if (!partition.ok) return partition;
    const { ledger, listing } = partition.value;
    const target = `${sync.paths.sessionLogs}/${path}`;
    const info = listing.logs.get(path);
    if (info !== undefined) {
      const [stored, here] = [factsOfObject(info), await sync.files.measure(target)];
      if (!here.ok) return here;
      const isSame = here.value?.size === stored.size && here.value.crc32c === stored.crc32c;
      if (isSame && !stored.damaged) return ok({ changed: false, keptAs: null });
    }
    const local = await sync.files.read(target);
    if (!local.ok) return local;
    let kept: string | null = null;
    if (local.value !== null && info !== undefined) {
      kept = `${target}.before-restore-${sync.random.hex(4)}`;
      const made = await sync.files.create(kept, local.value);
      if (!made.ok) return made;
    }
    const restored = await restoreOne(sync, ledger, path, listing, options);
    if (!restored.ok) return restored;
    const flushed = await ledger.flush({ sync: true });
    if (!flushed.ok) return flushed;
    await refreshOwnRows(sync, ledger);
    return ok({ changed: true, keptAs: kept });
  });
}
