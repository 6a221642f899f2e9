import { appError, type AppError } from '../../../shared/app-error.ts';
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
import { lostLogs } from '../ledger/lost-logs.ts';
import { planPush, type PushOperation } from './plan-push.ts';
import { currentReceiptsDigest, isPublished, publishShard } from './publish-shard.ts';
import { rowOf, uploadLog } from './upload-log.ts';
import { refreshOwnRows } from '../ledger/refresh-own-rows.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { listPartition } from './stored-facts.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import { withSyncLock } from './with-sync-lock.ts';

export interface PushReport {
  readonly uploaded: readonly {
    readonly path: LogPath;
    readonly reason: string;
    readonly bytes: number;
    readonly kept: string | null;
  }[];
  readonly unchanged: number;
  /** Logs that were deleted here; the store keeps them. */
  readonly gone: readonly LogPath[];
  /** Logs that went from here so many at once that they are taken for lost, and not for deleted. */
  readonly lost: readonly LogPath[];
  /** Logs that are shorter here than in the store: a person must choose. */
  readonly attention: readonly LogPath[];
  /** Files that cannot be logs because of their name, and folders or links that were passed over. */
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
  readonly failed: readonly { readonly path: LogPath; readonly error: AppError }[];
  /** Logs that still wait, when the run ended early. */
  readonly pending: number;
  readonly bytes: number;
  readonly published: boolean;
  readonly dryRun: boolean;
}

export interface PushOptions extends RunOptions {
  /** Logs to push although the store has a longer version (which is kept beside). */
  readonly force?: ReadonlySet<string> | 'all';
  /** Logs whose stored bytes were read and found damaged: they are stored again. */
  readonly damaged?: ReadonlySet<LogPath>;
  /** What becomes of logs that went all at once: `deleted` by a person who says so, or brought back by whoever calls (`restored`). */
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

/** {@link push} for a caller that holds the lock of the data folder already. */
export async function pushUnlocked(
  deps: SyncDeps,
  options: PushOptions,
): Promise<Result<Outcome<PushReport>, AppError>> {
  const prepared = await prepare(deps, options);
  if (!prepared.ok) return prepared;
  const { ledger, diff, refused } = prepared.value;
  const tally = new Tally(diff, refused, options.dryRun ?? false);
  const receipts = await currentReceiptsDigest(deps);
  if (!receipts.ok) return receipts;
  const settled = diff.changed.length === 0 && diff.gone.length === 0 && !isOutdated(ledger);
  if (settled && isPublished(deps, ledger, receipts.value)) return ok(tally.outcome());

  const remote = await knownRemote(deps, ledger, options);
  if (!remote.ok) return err(withPending(remote.error, diff.changed.length));
  const operations = planPush(
    await inspectChanges(deps, diff.changed, remote.value, options),
    options.force ?? new Set(),
  );
  if (options.dryRun) return ok(tally.planned(operations));

  const claimed = await claimPartition(deps, options.signal);
  if (!claimed.ok) return err(withPending(claimed.error, diff.changed.length));
  for (const row of diff.gone) ledger.record(ledgerRow(row.entry, row.crc32c, deps.clock.now()));
  const stopped =
    (await execute(deps, ledger, operations, tally, options)) ?? (await catchUp(deps, ledger, diff, options));
  const flushed = await ledger.flush({ sync: true });
  if (!flushed.ok) return flushed;
  // Even an interrupted run lists what it has stored, unless the store itself is out of reach.
  const published =
    stopped === null || stopped.code === 'cancelled'
      ? await publishShard(deps, ledger, stopped === null ? options : { isStopped: true })
      : ok(false);
  if (published.ok) tally.published = published.value;
  await refreshOwnRows(deps, ledger);
  if (stopped !== null) return ok(tally.endedBy(stopped, tally.pending(operations)));
  return ok(published.ok ? tally.outcome() : tally.endedBy(published.error, 0));
}

interface Prepared {
  readonly ledger: Ledger;
  readonly diff: LocalDiff;
  readonly refused: PushReport['refused'];
}

async function prepare(deps: SyncDeps, options: PushOptions): Promise<Result<Prepared, AppError>> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  options.onProgress?.({ phase: 'scan', done: 0, total: 0, bytes: 0 });
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  const diff = withAnswer(diffLocal(scan.value.files, ledger.value.rows), options.lost);
  return ok({ ledger: ledger.value, diff, refused: [...diff.refused, ...scan.value.problems] });
}

function withAnswer(diff: LocalDiff, lost: PushOptions['lost']): LocalDiff {
  if (lost === undefined) return diff;
  return { ...diff, gone: lost === 'deleted' ? [...diff.gone, ...diff.lost] : diff.gone, lost: [] };
}

/** With an empty ledger (first push, or a lost one) one listing tells what is there already, so that nothing is sent twice. */
async function knownRemote(
  deps: SyncDeps,
  ledger: Ledger,
  options: RunOptions,
): Promise<Result<ReadonlyMap<LogPath, ObjectInfo>, AppError>> {
  if (ledger.rows.size > 0) return ok(new Map());
  const listing = await listPartition(deps, options.signal);
  return listing.ok ? ok(listing.value.logs) : listing;
}

/** @returns why the run had to stop early, or null */
async function execute(
  deps: SyncDeps,
  ledger: Ledger,
  operations: readonly PushOperation[],
  tally: Tally,
  options: RunOptions,
): Promise<AppError | null> {
  let stop: AppError | null = null;
  let done = 0;
  await runLimited(operations, TRANSFERS, options.signal, async (operation) => {
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
  });
  return whyStopped(stop, options);
}

/** Whichever call the signal ended: it is the push that a person stopped. */
function whyStopped(stop: AppError | null, { signal }: RunOptions): AppError | null {
  return signal?.aborted && (stop === null || stop.code === 'cancelled') ? stoppedPush() : stop;
}

function stoppedPush(): AppError {
  return appError('cancelled', 'The push was stopped.', 'Run it again; it goes on where it stopped.');
}

/** @returns why the run had to stop early, or null */
async function catchUp(
  deps: SyncDeps,
  ledger: Ledger,
  { changed }: LocalDiff,
  options: RunOptions,
): Promise<AppError | null> {
  if (isOutdated(ledger)) await describeAnew(deps, ledger, new Set(changed.map(({ path }) => path)), options);
  if (options.signal?.aborted) return stoppedPush();
  ledger.recordDescribed(ENTRY_FORMAT);
  return null;
}

async function perform(
  deps: SyncDeps,
  ledger: Ledger,
  operation: PushOperation,
  tally: Tally,
  options: RunOptions,
): Promise<AppError | null> {
  if (operation.kind === 'failed') return operation.error;
  if (operation.kind === 'attention') {
    tally.attention.push(operation.path);
    return null;
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
  if (outcome.value.kind === 'cut') tally.attention.push(operation.path);
  if (outcome.value.kind !== 'stored') return null;
  ledger.record(outcome.value.row);
  tally.bytes += outcome.value.sent;
  tally.uploaded.push({
    path: operation.path,
    reason: operation.reason,
    bytes: outcome.value.sent,
    kept: outcome.value.kept,
  });
  return null;
}

/** Failures that would meet every further log as well. */
function stopsTheRun(error: AppError): boolean {
  if (isOfOwnFile(error) && error.code !== 'cancelled') return false;
  return [
    'offline',
    'denied',
    'throttled',
    'server',
    'timeout',
    'not-configured',
    'clone-alarm',
    'cancelled',
    'disk-full',
  ].includes(error.code);
}

function withPending(error: AppError, pending: number): AppError {
  return { ...error, details: { ...error.details, pending } };
}

/** Names the log whose remedy is given. */
function notPushed({ failed, attention, refused }: PushReport, count: number): string {
  const first = failed[0]?.path ?? attention[0] ?? refused[0]?.path ?? '';
  const which =
    count === 1 ? `${first} was not pushed` : `${count} logs were not pushed, ${first} among them`;
  return `${which}; everything else is safe in the store.`;
}

/** What a run has done so far; mutable because sixteen transfers report into it. */
class Tally {
  readonly uploaded: { path: LogPath; reason: string; bytes: number; kept: string | null }[] = [];
  readonly attention: LogPath[] = [];
  readonly failed: { path: LogPath; error: AppError }[] = [];
  bytes = 0;
  remembered = 0;
  published = false;
  readonly #diff: LocalDiff;
  readonly #refused: PushReport['refused'];
  readonly #dryRun: boolean;

  constructor(diff: LocalDiff, refused: PushReport['refused'], dryRun: boolean) {
    this.#diff = diff;
    this.#refused = refused;
    this.#dryRun = dryRun;
  }

  report(pending: number): PushReport {
    const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
      a.path < b.path ? -1 : 1;
    return {
      uploaded: this.uploaded.sort(byPath),
      unchanged: this.#diff.unchanged + this.remembered,
      gone: this.#diff.gone.map((row) => row.entry.path),
      lost: this.#diff.lost.map((row) => row.entry.path),
      attention: this.attention.sort(),
      refused: this.#refused,
      failed: this.failed.sort(byPath),
      pending,
      bytes: this.bytes,
      published: this.published,
      dryRun: this.#dryRun,
    };
  }

  /** What became of a run that had to stop. */
  endedBy(problem: AppError, pending: number): Outcome<PushReport> {
    return { report: this.report(pending), problem: withPending(problem, pending) };
  }

  planned(operations: readonly PushOperation[]): Outcome<PushReport> {
    for (const operation of operations) {
      if (operation.kind === 'upload')
        this.uploaded.push({ path: operation.path, reason: operation.reason, bytes: 0, kept: null });
      if (operation.kind === 'attention') this.attention.push(operation.path);
      if (operation.kind === 'failed') this.failed.push(operation);
    }
    return this.outcome();
  }

  pending(operations: readonly PushOperation[]): number {
    return (
      operations.length - this.uploaded.length - this.remembered - this.attention.length - this.failed.length
    );
  }

  outcome(): Outcome<PushReport> {
    const report = this.report(0);
    const bad = report.failed.length + report.attention.length + report.refused.length;
    const lost = report.lost.length > 0 ? lostLogs(report.lost.length) : null;
    if (bad === 0 && lost === null) return { report, problem: null };
    const [first] = [
      ...(lost === null ? [] : [lost.remedy]),
      ...report.failed.map((failure) => failure.error.remedy),
      ...(report.attention.length > 0
        ? ['Run `session-log doctor`: it shows both ways out for each shortened log.']
        : []),
      'Rename the files that are named in the report.',
    ];
    const sentences = [lost?.message ?? '', bad > 0 ? notPushed(report, bad) : ''];
    const message = sentences.filter((sentence) => sentence !== '').join(' ');
    return { report, problem: appError('partial', message, first ?? '') };
  }
}
