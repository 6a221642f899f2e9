import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { describeLog, NOT_STORED } from '../logs/describe-log.ts';
import { isOutdated, type Ledger } from './ledger.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/**
 * Brings this machine's rows of the local index up to the disk: logs on disk as they are now, with what the ledger says of the
 * store; logs deleted here but kept in the store stay listed. Reads only logs whose size or time changed.
 */
export async function refreshOwnRows(deps: SyncDeps, ledger: Ledger): Promise<Result<void, AppError>> {
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  const before = await deps.index.entries(deps.self.uuid);
  if (!before.ok) return before;
  const indexed = new Map(before.value.map((entry) => [entry.path, entry]));
  const entries: LogEntry[] = [];
  const unread: LogPath[] = [];
  const onDisk = new Set<string>();
  for (const file of scan.value.files) {
    const mtime = Math.floor(file.mtimeMs);
    const path = parseLogPath(file.path);
    if (!path.ok) continue;
    onDisk.add(file.path);
    const row = ledger.rows.get(path.value);
    // The index is made anew when entries come to say more, so what it holds is always told in today's words.
    const told = row?.goneSince === 0 && !isOutdated(ledger) ? row.entry : undefined;
    const known = [told, indexed.get(path.value)].find(
      (entry) => entry?.size === file.size && entry.mtime === mtime,
    );
    if (known)
      entries.push({ ...known, stored: known.sha256 === row?.entry.sha256 ? row.entry.stored : NOT_STORED });
    else unread.push(path.value);
  }
  const gone = [...ledger.rows].filter(([path]) => !onDisk.has(path)).map(([, row]) => row.entry);
  entries.push(...gone);
  await runLimited(unread, TRANSFERS, undefined, async (path) => {
    const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${path}`);
    if (!measured.ok || measured.value === null) return;
    const row = ledger.rows.get(path);
    entries.push(
      await describeLog(
        deps,
        path,
        measured.value,
        measured.value.sha256 === row?.entry.sha256 ? row.entry.stored : NOT_STORED,
      ),
    );
  });
  const put = unread.length === 0 && same(entries, indexed) ? ok(undefined) : await putOwn(deps, entries);
  return put.ok ? deps.index.setDeleted(gone.map(({ path }) => path)) : put;
}

function putOwn(deps: SyncDeps, entries: readonly LogEntry[]): Promise<Result<void, AppError>> {
  return deps.index.putShard(
    {
      machine: deps.self.uuid,
      host: deps.self.hostname,
      updated: deps.clock.now(),
      generation: 'local',
      segments: [],
      receipts: [],
    },
    entries,
    [],
  );
}

function same(entries: readonly LogEntry[], indexed: ReadonlyMap<LogPath, LogEntry>): boolean {
  return (
    entries.length === indexed.size &&
    entries.every((entry) => {
      const other = indexed.get(entry.path);
      return (
        other !== undefined &&
        other.sha256 === entry.sha256 &&
        other.mtime === entry.mtime &&
        other.stored.generation === entry.stored.generation
      );
    })
  );
}
