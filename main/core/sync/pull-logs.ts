import { appError, type AppError, stopped, fail } from '../../../shared/app-error.ts';
import type { LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import { logId, quote } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import type { LogQuery, LogRow } from '../../../shared/domain/log-query.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Outcome } from '../workflows/outcome.ts';
import { CACHE_FILE_MODE, cachePath, sealCache, withOpenFolder } from '../logs/cache.ts';
import { downloadLog } from './download-log.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import { withSyncLock } from './with-sync-lock.ts';

export interface PullReport {
  readonly pulled: readonly { readonly id: LogId; readonly bytes: number }[];
  /** Logs cached in the index's version. */
  readonly upToDate: number;
  /** Own logs among those requested: they are on this machine. */
  readonly own: number;
  readonly failed: readonly { readonly id: LogId; readonly error: AppError }[];
  readonly bytes: number;
  readonly dryRun: boolean;
}

/** Logs by query or by id. */
export type PullSelection = LogQuery | { readonly ids: readonly LogId[] };

/** One log to fetch, from the index. */
interface Wanted {
  readonly machine: MachineUuid;
  readonly path: LogPath;
  readonly entry: Pick<LogEntry, 'sha256' | 'stored' | 'size'>;
}

const PAGE = 1_000;
/** Failures that affect all further logs. Any other concerns one log, folder or machine. */
const MEETS_ALL: ReadonlySet<AppError['code']> = new Set([
  'cancelled',
  'offline',
  'throttled',
  'not-configured',
  'lock-lost',
  'bug',
]);
/** This many failures without a success between them are no longer single logs' (a full disk, a bucket without permissions). */
const MOST_IN_A_ROW = 24;

/**
 * Pulls the selected logs into the cache, each verified before it becomes visible.
 * @param selection which logs; other machines' only, own ones are counted and left alone
 * @returns the problem `partial` when some could not be pulled; a failure when it could not begin
 */
export function pullLogs(
  deps: SyncDeps,
  selection: PullSelection,
  options: RunOptions = {},
): Promise<Result<Outcome<PullReport>, AppError>> {
  return withSyncLock(deps, 'pull', options, () => pullLogsUnlocked(deps, selection, options));
}

/** {@link pullLogs} for a caller that already holds the data folder's lock. */
export async function pullLogsUnlocked(
  deps: SyncDeps,
  selection: PullSelection,
  options: RunOptions,
): Promise<Result<Outcome<PullReport>, AppError>> {
  const logs = await asked(deps, selection);
  if (!logs.ok) return logs;
  const { others, own } = logs.value;
  const wanted = await stale(deps, others);
  if (!wanted.ok) return wanted;
  const base = {
    upToDate: others.length - wanted.value.length,
    own,
    dryRun: options.dryRun ?? false,
  };
  if (options.dryRun) {
    const pulled = wanted.value.map(({ machine, path, entry }) => ({
      id: logId(machine, path),
      bytes: entry.size,
    }));
    const bytes = pulled.reduce((sum, log) => sum + log.bytes, 0);
    return ok({ report: { ...base, pulled, failed: [], bytes }, problem: null });
  }
  return finish(deps, wanted.value, base, options);
}

async function finish(
  deps: SyncDeps,
  wanted: readonly Wanted[],
  base: Pick<PullReport, 'upToDate' | 'own' | 'dryRun'>,
  options: RunOptions,
): Promise<Result<Outcome<PullReport>, AppError>> {
  const pulled: { id: LogId; bytes: number; sha256: string }[] = [];
  const failed: { id: LogId; error: AppError }[] = [];
  const total = wanted.length;
  let stop: AppError | null = null;
  let inARow = 0;
  let bytes = 0;
  await runLimited(wanted, TRANSFERS, options.signal, async (log) => {
    const id = logId(log.machine, log.path);
    const landed = await pullOne(deps, log, options);
    if (landed.ok) {
      pulled.push({ id, bytes: landed.value.size, sha256: landed.value.sha256 });
      bytes += landed.value.size;
      inARow = 0;
    } else if (MEETS_ALL.has(landed.error.code) || (inARow += 1) >= MOST_IN_A_ROW) {
      stop ??= landed.error;
    } else {
      failed.push({ id, error: landed.error });
    }
    options.onProgress?.({
      phase: 'download',
      done: pulled.length + failed.length,
      total,
      bytes,
      path: log.path,
    });
    return stop === null;
  });
  await sealCache(deps, wanted);
  const noted = await deps.index.setCached(pulled.map(({ id, sha256 }) => ({ id, sha256 })));
  if (!noted.ok) return noted;
  const report: PullReport = {
    ...base,
    pulled: pulled.map(({ id, bytes: size }) => ({ id, bytes: size })).sort(byId),
    failed: failed.sort(byId),
    bytes,
  };
  const pending = total - pulled.length - failed.length;
  const end = stop ?? (options.signal?.aborted ? stopped('The pull was stopped.') : null);
  if (end !== null) return ok({ report, problem: { ...end, details: { ...end.details, pending } } });
  const [first] = failed;
  if (first === undefined) return ok({ report, problem: null });
  const message = `${failed.length} of ${total} logs could not be pulled. ${first.error.message}`;
  return ok({ report, problem: appError('partial', message, first.error.remedy) });
}

async function pullOne(
  deps: SyncDeps,
  log: Wanted,
  options: RunOptions,
): Promise<Result<{ readonly size: number; readonly sha256: string }, AppError>> {
  return withOpenFolder(deps, log.machine, log.path, () =>
    downloadLog(
      deps,
      log,
      cachePath(deps, log.machine, log.path),
      { ...log.entry, generation: log.entry.stored.generation },
      CACHE_FILE_MODE,
      options,
    ),
  );
}

/** Selects logs that are absent from the cache, outdated or damaged there. */
async function stale(deps: SyncDeps, logs: readonly OneLog[]): Promise<Result<Wanted[], AppError>> {
  const wanted: Wanted[] = [];
  const machines = new Map<MachineUuid, KnownLogs>();
  for (const { machine, path } of logs) {
    let known = machines.get(machine);
    if (!known) {
      const read = await knownLogs(deps, machine);
      if (!read.ok) return read;
      machines.set(machine, (known = read.value));
    }
    const entry = known.entries.get(path);
    if (entry === undefined) continue;
    if (known.cached.get(path) === entry.sha256) {
      const facts = await deps.files.stat(cachePath(deps, machine, path));
      // The size is a cheap proof; the digest is checked whenever the log is opened, and by `verify`.
      if (facts.ok && facts.value?.kind === 'file' && facts.value.size === entry.size) continue;
    }
    wanted.push({ machine, path, entry });
  }
  return ok(wanted);
}

interface KnownLogs {
  readonly entries: ReadonlyMap<LogPath, LogEntry>;
  /** Digests of pulled logs. */
  readonly cached: ReadonlyMap<LogPath, string>;
}

async function knownLogs(deps: SyncDeps, machine: MachineUuid): Promise<Result<KnownLogs, AppError>> {
  const [entries, digests] = [await deps.index.entries(machine), await deps.index.cachedDigests(machine)];
  if (!entries.ok) return entries;
  if (!digests.ok) return digests;
  return ok({
    entries: new Map(entries.value.map((entry) => [entry.path, entry])),
    cached: new Map(digests.value.map(({ path, sha256 }) => [path, sha256])),
  });
}

/** A log file: fetched once, however many of its sessions are requested. */
interface OneLog {
  readonly machine: MachineUuid;
  readonly path: LogPath;
}

interface Asked {
  /** Other machines' logs, each once. */
  readonly others: readonly OneLog[];
  /** Logs that are on this machine anyway. */
  readonly own: number;
}

async function asked(deps: SyncDeps, selection: PullSelection): Promise<Result<Asked, AppError>> {
  const rows = 'ids' in selection ? await named(deps, selection.ids) : await matching(deps, selection);
  if (!rows.ok) return rows;
  const workspaces = await deps.index.workspaces();
  if (!workspaces.ok) return workspaces;
  const here = new Set([deps.self.uuid, ...workspaces.value]);
  const logs = new Map(rows.value.map(({ machine, path }) => [logId(machine, path), { machine, path }]));
  const others = [...logs.values()].filter(({ machine }) => !here.has(machine));
  return ok({ others, own: logs.size - others.length });
}

async function named(deps: SyncDeps, ids: readonly LogId[]): Promise<Result<LogRow[], AppError>> {
  const rows: LogRow[] = [];
  for (const id of ids) {
    const row = await deps.index.row(id);
    if (!row.ok) return row;
    if (row.value === null)
      return fail('not-found', `The index does not know ${quote(id)}.`, 'Run `session-log sync --index`.');
    rows.push(row.value);
  }
  return ok(rows);
}

/** Matching sessions may be in logs that do not match, and matching logs may have no row of their own. */
async function matching(deps: SyncDeps, query: LogQuery): Promise<Result<LogRow[], AppError>> {
  const rows: LogRow[] = [];
  for (const files of [false, true]) {
    for (let offset = 0, more = true; more; offset += PAGE) {
      const page = await deps.index.page({ ...query, files, offset, limit: PAGE });
      if (!page.ok) return page;
      rows.push(...page.value.rows);
      more = page.value.rows.length === PAGE;
    }
  }
  return ok(rows);
}

function byId(a: { readonly id: LogId }, b: { readonly id: LogId }): number {
  return a.id < b.id ? -1 : 1;
}
