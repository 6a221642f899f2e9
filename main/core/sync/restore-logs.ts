import { appError, type AppError, stopped, fail } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { foldPath } from '../../../shared/domain/log-path.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { downloadLog } from './download-log.ts';
import { factsOfObject } from '../store/stored-facts.ts';
import type { PartitionListing } from './list-partition.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { sortObjects } from './own-objects.ts';
import { rowOf } from './upload-log.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

export interface RestoreReport {
  readonly restored: readonly LogPath[];
  readonly failed: readonly { readonly path: LogPath; readonly error: AppError }[];
  /** In this machine's partition, but not known to be written by it: left alone. */
  readonly strangers: readonly LogPath[];
}

/** Most bytes of a log restored by itself; a larger one is reported, and restored by name. */
const SIZE_LIMIT = 1024 ** 3;
const LOG_FILE_MODE = 0o600;

/**
 * Restores own logs that the store has and this disk lacks (a new disk, a lost folder). A log deleted here by a person stays deleted: the
 * ledger remembers it. Foreign objects in the partition are reported and left: a person may restore one by its path.
 * @param only restrict to these paths, and then also restore deleted ones
 */
export async function restoreLogs(
  deps: SyncDeps,
  ledger: Ledger,
  listing: PartitionListing,
  options: RunOptions,
  only?: ReadonlySet<string>,
): Promise<Result<RestoreReport, AppError>> {
  const missing: LogPath[] = [];
  const here = new Set<string>();
  const notSeen: { path: LogPath; error: AppError }[] = [];
  const sizeOf = (path: LogPath): number => listing.logs.get(path)?.size ?? 0;
  for (const path of [...listing.logs.keys()].sort()) {
    if (only && !only.has(path)) continue;
    if (!only && (ledger.rows.get(path)?.goneSince ?? 0) > 0) continue;
    const facts = await deps.files.stat(`${deps.paths.sessionLogs}/${path}`);
    // It may be in a folder that cannot be read; the others come back all the same.
    if (!facts.ok) notSeen.push({ path, error: facts.error });
    else if (facts.value === null) missing.push(path);
    else here.add(foldPath(path));
  }
  // An object with a name from before a case-only rename is here by its new name.
  const gone = only ? missing : missing.filter((path) => !here.has(foldPath(path)));
  const sorted = await sortObjects(deps, ledger, listing, gone, options);
  if (!sorted.ok) return sorted;
  const { own, strangers } = sorted.value;
  const restored: LogPath[] = [];
  const failed = [
    ...notSeen,
    ...own.filter((path) => sizeOf(path) > SIZE_LIMIT).map((path) => ({ path, error: tooLarge(path) })),
  ];
  const wanted = own.filter((path) => sizeOf(path) <= SIZE_LIMIT);
  let stop: AppError | null = null;
  if (options.dryRun) return ok({ restored: wanted, failed, strangers });
  await runLimited(wanted, TRANSFERS, options.signal, async (path) => {
    const landed = await restoreOne(deps, ledger, path, listing, options);
    if (landed.ok) restored.push(path);
    else if (landed.error.code === 'corrupt' || landed.error.code === 'not-found')
      failed.push({ path, error: landed.error });
    else stop ??= landed.error;
    options.onProgress?.({
      phase: 'restore',
      done: restored.length + failed.length,
      total: wanted.length,
      bytes: 0,
      path,
    });
    return stop === null;
  });
  const flushed = await ledger.flush({ sync: true });
  if (!flushed.ok) return flushed;
  if (stop !== null) return err(stop);
  if (options.signal?.aborted) return err(stopped('The restore was stopped.'));
  return ok({ restored: restored.sort(), failed, strangers });
}

function tooLarge(path: LogPath): AppError {
  return appError(
    'attention',
    `${path} is larger in the store than a log that comes back by itself (1 GiB).`,
    `If it is meant to be so large: session-log restore "${path}"`,
  );
}

/**
 * Replaces a local log with the stored one: the remedy for truncation. The local bytes are a prefix of the stored ones, or the caller has
 * kept them.
 */
export async function restoreOne(
  deps: SyncDeps,
  ledger: Ledger,
  path: LogPath,
  listing: PartitionListing,
  options: RunOptions,
): Promise<Result<void, AppError>> {
  const info = listing.logs.get(path);
  if (!info)
    return fail(
      'not-found',
      `The store has no ${path} from this machine.`,
      'Run `session-log list` to see what there is.',
    );
  const facts = factsOfObject(info);
  const target = `${deps.paths.sessionLogs}/${path}`;
  const expected =
    facts.sha256 === null ? null : { sha256: facts.sha256, size: facts.size, generation: info.generation };
  const landed = await downloadLog(
    deps,
    { machine: deps.self.uuid, path },
    target,
    expected,
    LOG_FILE_MODE,
    options,
  );
  if (!landed.ok) return landed;
  const measured = await deps.files.measure(target);
  if (!measured.ok) return measured;
  // The pushed form differs from what arrived (a withheld value is unknown now): the next push compares them.
  if (measured.value?.sha256 === landed.value.sha256)
    ledger.record(await rowOf(deps, path, measured.value, landed.value.info));
  return ok(undefined);
}
