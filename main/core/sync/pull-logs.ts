import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import { logId, quote } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import type { LogQuery, LogRow } from '../../../shared/domain/log-query.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { CACHE_FILE_MODE, cachePath, sealCache, withOpenFolder } from './cache.ts';
import { downloadLog } from './download-log.ts';
import { runLimited } from './run-limited.ts';
import { TRANSFERS, type RunOptions, type SyncDeps } from './sync-deps.ts';
import { withSyncLock } from './with-sync-lock.ts';

export interface PullReport {
  readonly pulled: readonly { readonly id: LogId; readonly bytes: number }[];
  /** Logs that were in the cache as the index has them. */
  readonly upToDate: number;
  /** Own logs among those asked for: they are on this machine. */
  readonly own: number;
  readonly failed: readonly { readonly id: LogId; readonly error: AppError }[];
  readonly bytes: number;
  readonly dryRun: boolean;
}

/** Logs by what they match, or by name. */
export type PullSelection = LogQuery | { readonly ids: readonly LogId[] };

/** One log to fetch, as the index describes it. */
interface Wanted {
  readonly machine: MachineUuid;
  readonly path: LogPath;
  readonly entry: Pick<LogEntry, 'sha256' | 'stored' | 'size'>;
}

const PAGE = 1_000;

/**
 * Pulls the selected logs into the cache, each verified before it becomes visible.
 * @param selection which logs; other machines' only, own ones are counted and left alone
 * @returns `partial` (with the report in `details.report`) when some could not be pulled
 */
export function pullLogs(
  deps: SyncDeps,
  selection: PullSelection,
  options: RunOptions = {},
): Promise<Result<PullReport, AppError>> {
  return withSyncLock(deps, 'pull', options, () => pullLogsUnlocked(deps, selection, options));
}

/** {@link pullLogs} for a caller that holds the lock of the data folder already. */
export async function pullLogsUnlocked(
  deps: SyncDeps,
  selection: PullSelection,
  options: RunOptions,
): Promise<Result<PullReport, AppError>> {
  const rows = await matching(deps, selection);
  if (!rows.ok) return rows;
  const others = rows.value.filter((row) => row.machine !== deps.self.uuid);
  const wanted = await stale(deps, others);
  if (!wanted.ok) return wanted;
  const base = {
    upToDate: others.length - wanted.value.length,
    own: rows.value.length - others.length,
    dryRun: options.dryRun ?? false,
  };
  if (options.dryRun) {
    const pulled = wanted.value.map(({ machine, path, entry }) => ({
      id: logId(machine, path),
      bytes: entry.size,
    }));
    return ok({ ...base, pulled, failed: [], bytes: pulled.reduce((sum, log) => sum + log.bytes, 0) });
  }
  return finish(deps, wanted.value, base, options);
}

async function finish(
  deps: SyncDeps,
  wanted: readonly Wanted[],
  base: Pick<PullReport, 'upToDate' | 'own' | 'dryRun'>,
  options: RunOptions,
): Promise<Result<PullReport, AppError>> {
  const pulled: { id: LogId; bytes: number; sha256: string }[] = [];
  const failed: { id: LogId; error: AppError }[] = [];
  const total = wanted.length;
  let stop: AppError | null = null;
  let bytes = 0;
  await runLimited(wanted, TRANSFERS, options.signal, async (log) => {
    const id = logId(log.machine, log.path);
    const landed = await pullOne(deps, log, options);
    if (landed.ok) {
      pulled.push({ id, bytes: landed.value.size, sha256: landed.value.sha256 });
      bytes += landed.value.size;
    } else if (
      landed.error.code === 'corrupt' ||
      landed.error.code === 'not-found' ||
      landed.error.code === 'invalid-input'
    ) {
      failed.push({ id, error: landed.error });
    } else {
      stop ??= landed.error;
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
  if (stop !== null)
    return err({ ...(stop as AppError), details: { ...(stop as AppError).details, pending, report } });
  if (options.signal?.aborted)
    return err(
      appError('cancelled', 'The pull was stopped.', 'Run it again; it goes on where it stopped.', {
        details: { pending, report },
      }),
    );
  if (failed.length === 0) return ok(report);
  const [first] = failed;
  return err(
    appError(
      'partial',
      `${failed.length} of ${total} logs could not be pulled. ${first?.error.message ?? ''}`,
      first?.error.remedy ?? '',
      { details: { report } },
    ),
  );
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
      { sha256: log.entry.sha256, generation: log.entry.stored.generation },
      CACHE_FILE_MODE,
      options,
    ),
  );
}

/** Of the given logs those that the cache lacks, holds in an older version, or holds damaged. */
async function stale(deps: SyncDeps, rows: readonly LogRow[]): Promise<Result<Wanted[], AppError>> {
  const wanted: Wanted[] = [];
  const entries = new Map<MachineUuid, Map<LogPath, LogEntry>>();
  for (const row of rows) {
    if (row.place === 'cached' && !row.stale) {
      const facts = await deps.files.stat(cachePath(deps, row.machine, row.path));
      // The size is a cheap proof; the digest is checked whenever the log is opened, and by `verify`.
      if (facts.ok && facts.value?.kind === 'file' && facts.value.size === row.size) continue;
    }
    let byPath = entries.get(row.machine);
    if (!byPath) {
      const all = await deps.index.entries(row.machine);
      if (!all.ok) return all;
      byPath = new Map(all.value.map((entry) => [entry.path, entry]));
      entries.set(row.machine, byPath);
    }
    const entry = byPath.get(row.path);
    if (entry) wanted.push({ machine: row.machine, path: row.path, entry });
  }
  return ok(wanted);
}

async function matching(deps: SyncDeps, selection: PullSelection): Promise<Result<LogRow[], AppError>> {
  const rows: LogRow[] = [];
  if ('ids' in selection) {
    for (const id of selection.ids) {
      const row = await deps.index.row(id);
      if (!row.ok) return row;
      if (row.value === null)
        return err(
          appError('not-found', `The index does not know ${quote(id)}.`, 'Run `session-log sync --index`.'),
        );
      rows.push(row.value);
    }
    return ok(rows);
  }
  for (;;) {
    const page = await deps.index.page({ ...selection, offset: rows.length, limit: PAGE });
    if (!page.ok) return page;
    rows.push(...page.value.rows);
    if (page.value.rows.length < PAGE) return ok(rows);
  }
}

function byId(a: { readonly id: LogId }, b: { readonly id: LogId }): number {
  return a.id < b.id ? -1 : 1;
}
