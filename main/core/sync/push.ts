import { type AppError, stopped } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { ENTRY_FORMAT } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Outcome } from '../workflows/outcome.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { claimPartition } from './claim-partition.ts';
import { diffLocal, type LocalDiff } from '../ledger/diff-local.ts';
import { describeAnew } from './describe-anew.ts';
import { inspectChanges } from './inspect-changes.ts';
import { isOutdated, ledgerPath, ledgerRow, openLedger, type Ledger } from '../ledger/ledger.ts';
import { isOfOwnFile, ofOwnFile } from './own-file-error.ts';
import { planPush, type PushOperation } from './plan-push.ts';
import { PushTally, withPending, type PushReport } from './push-tally.ts';
import { currentReceiptsDigest, isPublished, publishShard } from './publish-shard.ts';
import { rowOf, uploadLog } from './upload-log.ts';
import { refreshOwnRows } from '../ledger/refresh-own-rows.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { stopsTransfers } from '../store/stops-transfers.ts';
import type { StoredFacts } from '../store/stored-facts.ts';
import { listPartition } from './list-partition.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import { withSyncLock } from './with-sync-lock.ts';

export interface PushOptions extends RunOptions {
  /** Logs to push although the stored version is longer (and kept beside). */
  readonly force?: ReadonlySet<string> | 'all';
  /** Logs whose stored bytes were read and found damaged: they are re-uploaded. */
  readonly damaged?: ReadonlySet<LogPath>;
  /** The ledger, if the caller has opened it in this run: read again it would take its memory twice. */
  readonly ledger?: Ledger;
  /** Treatment of logs that vanished all at once: `deleted` by a person who says so, or `restored` by the caller. */
  readonly lost?: 'deleted' | 'restored';
}

/**
 * Pushes new and grown logs, then this machine's shard. Safe to repeat and to interrupt at any moment.
 * @returns the problem `partial` when some logs could not be pushed, need a person or are lost here; a failure when it could not begin
 */
export function push(
  deps: SyncDeps,
  options: PushOptions = {},
): Promise<Result<Outcome<PushReport>, AppError>> {
  return withSyncLock(deps, 'push', options, () => pushUnlocked(deps, options));
}

/** {@link push} for a caller that already holds the data folder's lock. */
export async function pushUnlocked(
  deps: SyncDeps,
  options: PushOptions,
): Promise<Result<Outcome<PushReport>, AppError>> {
  const logs = await pushLogs(deps, options);
  // Logs first: they are small, and what people read. A store that refused them takes no copies.
  if (!logs.ok || deps.copies === undefined || (logs.value.problem && stopsTransfers(logs.value.problem)))
    return logs;
  const copies = await deps.copies.push(options, () => claimPartition(deps, options.signal));
  return ok({
    report: { ...logs.value.report, copies: copies.report },
    problem: logs.value.problem ?? copies.problem,
  });
}

async function pushLogs(
  deps: SyncDeps,
  options: PushOptions,
): Promise<Result<Outcome<PushReport>, AppError>> {
  const ledger = options.ledger ? ok(options.ledger) : await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  const transferred = await transfer(deps, ledger.value, options);
  if (!transferred.ok) return transferred;
  const { tally, stopped, pending, isDone } = transferred.value;
  if (isDone) return ok(tally.outcome());
  const flushed = await ledger.value.flush({ sync: true });
  if (!flushed.ok) return flushed;
  // Even an interrupted run lists what it has stored, unless the store itself is unreachable.
  const published =
    stopped === null || stopped.code === 'cancelled'
      ? await publishShard(deps, ledger.value, stopped === null ? options : { isStopped: true })
      : ok(false);
  if (published.ok) tally.published = published.value;
  await refreshOwnRows(deps, ledger.value);
  if (stopped !== null) return ok(tally.endedBy(stopped, pending));
  return ok(published.ok ? tally.outcome() : tally.endedBy(published.error, 0));
}

interface Transferred {
  readonly tally: PushTally;
  /** Why it stopped early, and how many logs were left. */
  readonly stopped: AppError | null;
  readonly pending: number;
  /** Whether the run ends here: nothing to do, or nothing to be done. */
  readonly isDone: boolean;
}

/** Compares the folder with the store and uploads. Apart from publishing, so that its lists are garbage by then. */
async function transfer(
  deps: SyncDeps,
  ledger: Ledger,
  options: PushOptions,
): Promise<Result<Transferred, AppError>> {
  const prepared = await prepare(deps, ledger, options);
  if (!prepared.ok) return prepared;
  const { diff, refused } = prepared.value;
  const tally = new PushTally(diff, refused, options.dryRun ?? false);
  const receipts = await currentReceiptsDigest(deps);
  if (!receipts.ok) return receipts;
  const done = { tally, stopped: null, pending: 0, isDone: true };
  const settled = diff.changed.length === 0 && diff.gone.length === 0 && !isOutdated(ledger);
  if (settled && isPublished(deps, ledger, receipts.value)) return ok(done);

  const remote = await knownRemote(deps, ledger, options);
  if (!remote.ok) return err(withPending(remote.error, diff.changed.length));
  const operations = planPush(
    await inspectChanges(deps, diff.changed, remote.value, options),
    options.force ?? new Set(),
  );
  if (options.dryRun) {
    tally.plan(operations);
    return ok(done);
  }
  const claimed = await claimPartition(deps, options.signal);
  if (!claimed.ok) return err(withPending(claimed.error, diff.changed.length));
  for (const row of diff.gone) ledger.record(ledgerRow(row.entry, row.crc32c, deps.clock.now()));
  const stopped =
    (await execute(deps, ledger, operations, tally, options)) ?? (await catchUp(deps, ledger, diff, options));
  return ok({ tally, stopped, pending: tally.pending(operations), isDone: false });
}

interface Prepared {
  readonly diff: LocalDiff;
  readonly refused: PushReport['refused'];
}

async function prepare(
  deps: SyncDeps,
  ledger: Ledger,
  options: PushOptions,
): Promise<Result<Prepared, AppError>> {
  options.onProgress?.({ phase: 'scan', done: 0, total: 0, bytes: 0 });
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  // Logs that stay here count as absent, and not as lost if pushed before somebody said so.
  const stays = deps.surroundings.staysHere();
  const files = scan.value.files.filter(({ path }) => !stays(path));
  const rows = some(ledger.rows.keys(), stays)
    ? new Map([...ledger.rows].filter(([path]) => !stays(path)))
    : ledger.rows;
  const diff = withAnswer(diffLocal(files, rows, scan.value.problems), options.lost);
  return ok({ diff, refused: [...diff.refused, ...scan.value.problems] });
}

function some<T>(values: Iterable<T>, isSo: (value: T) => boolean): boolean {
  for (const value of values) if (isSo(value)) return true;
  return false;
}

function withAnswer(diff: LocalDiff, lost: PushOptions['lost']): LocalDiff {
  if (lost === undefined) return diff;
  return { ...diff, gone: lost === 'deleted' ? [...diff.gone, ...diff.lost] : diff.gone, lost: [] };
}

/** With an empty ledger (first push, or a lost one) one listing shows what is stored, so that nothing is sent twice. */
async function knownRemote(
  deps: SyncDeps,
  ledger: Ledger,
  options: RunOptions,
): Promise<Result<ReadonlyMap<LogPath, ObjectInfo>, AppError>> {
  if (ledger.rows.size > 0) return ok(new Map());
  const listing = await listPartition(deps, options.signal);
  return listing.ok ? ok(listing.value.logs) : listing;
}

/** @returns why the run stopped early, or null */
async function execute(
  deps: SyncDeps,
  ledger: Ledger,
  operations: readonly PushOperation[],
  tally: PushTally,
  options: RunOptions,
): Promise<AppError | null> {
  let stop: AppError | null = null;
  let done = 0;
  const one = async (operation: PushOperation): Promise<boolean> => {
    const failure = await perform(deps, ledger, operation, tally, options);
    done++;
    options.onProgress?.({
      phase: 'upload',
      done,
      total: operations.length,
      bytes: tally.bytes,
      path: operation.path,
    });
    if (failure !== null && stopsTheRun(failure)) {
      stop ??= failure;
      return false;
    }
    if (failure !== null) tally.failed.push({ path: operation.path, error: failure });
    if (done % 64 === 0) {
      const flushed = await ledger.flush();
      if (!flushed.ok) stop ??= flushed.error;
    }
    return stop === null;
  };
  // Renames first: a folder renamed only in case must have its new name before new logs in it.
  const isRename = (operation: PushOperation): boolean =>
    operation.kind === 'upload' && operation.reason === 'renamed';
  await runLimited(operations.filter(isRename), TRANSFERS, options.signal, one);
  const rest = stop === null ? operations.filter((operation) => !isRename(operation)) : [];
  await runLimited(rest, TRANSFERS, options.signal, one);
  return whyStopped(stop, options);
}

/** Whichever call the signal ended: a person stopped the push. */
function whyStopped(stop: AppError | null, { signal }: RunOptions): AppError | null {
  return signal?.aborted && (stop === null || stop.code === 'cancelled')
    ? stopped('The push was stopped.')
    : stop;
}

/** @returns why the run stopped early, or null */
async function catchUp(
  deps: SyncDeps,
  ledger: Ledger,
  { changed }: LocalDiff,
  options: RunOptions,
): Promise<AppError | null> {
  if (isOutdated(ledger)) await describeAnew(deps, ledger, new Set(changed.map(({ path }) => path)), options);
  if (options.signal?.aborted) return stopped('The push was stopped.');
  ledger.recordDescribed(ENTRY_FORMAT);
  return null;
}

/** Describes a log shorter than its backup: how much is here and there. */
async function cutLog(
  { files, paths }: SyncDeps,
  path: LogPath,
  stored: StoredFacts,
  tally: PushTally,
): Promise<null> {
  const facts = await files.stat(`${paths.sessionLogs}/${path}`);
  tally.cut(path, facts.ok ? (facts.value?.size ?? 0) : 0, stored.size);
  return null;
}

async function perform(
  deps: SyncDeps,
  ledger: Ledger,
  operation: PushOperation,
  tally: PushTally,
  options: RunOptions,
): Promise<AppError | null> {
  if (operation.kind === 'failed') return operation.error;
  if (operation.kind === 'attention') {
    return cutLog(deps, operation.path, operation.stored, tally);
  }
  if (operation.kind === 'remember') {
    const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${operation.path}`);
    if (!measured.ok) return ofOwnFile(measured.error);
    // Grown since it was compared: the next push sees it.
    if (measured.value === null || measured.value.crc32c !== operation.stored.crc32c) return null;
    tally.remembered++;
    const { object, generation } = operation.stored;
    ledger.record(
      await rowOf(deps, operation.path, measured.value, {
        name: '',
        updated: 0,
        metadata: {},
        generation,
        ...object,
      }),
    );
    return null;
  }
  const outcome = await uploadLog(deps, operation, options);
  if (!outcome.ok) return outcome.error;
  if (outcome.value.kind === 'cut') return cutLog(deps, operation.path, outcome.value.stored, tally);
  if (outcome.value.kind !== 'stored') return null;
  ledger.record(outcome.value.row);
  if (operation.instead) ledger.forget(operation.instead.path);
  tally.bytes += outcome.value.sent;
  tally.uploaded.push({
    path: operation.path,
    reason: operation.reason,
    bytes: outcome.value.sent,
    kept: outcome.value.kept,
  });
  return null;
}

/** Failures that would affect every further log. */
function stopsTheRun(error: AppError): boolean {
  return !(isOfOwnFile(error) && error.code !== 'cancelled') && stopsTransfers(error);
}
