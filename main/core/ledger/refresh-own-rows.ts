import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { describeLog, NOT_STORED } from '../logs/describe-log.ts';
import type { FoundFile } from '../ports/files.ts';
import { isOutdated, ledgerPath, openLedger, type Ledger } from './ledger.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/**
 * Brings this machine's rows of the local index up to the disk: logs on disk as they are now, with what the ledger says of the
 * store; logs deleted here but kept in the store stay listed. Reads only logs whose size or time changed, and neither ledger nor rows when
 * nothing has changed since.
 * @param opened the ledger, where it is at hand and written; null to read it when it is needed
 */
export async function refreshOwnRows(deps: SyncDeps, opened: Ledger | null): Promise<Result<void, AppError>> {
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  const [stamp, known] = [await stampOf(deps, scan.value.files), await deps.index.knownShards()];
  if (!known.ok) return known;
  if (known.value.some(({ machine, generation }) => machine === deps.self.uuid && generation === stamp))
    return ok(undefined);
  const ledger = opened === null ? await openLedger(deps.files, ledgerPath(deps)) : ok(opened);
  return ledger.ok ? await bringUp(deps, ledger.value, scan.value.files, stamp) : ledger;
}

/** Changes whenever the files or the ledger do: the generation under which the index has what was made of both. */
async function stampOf(deps: SyncDeps, files: readonly FoundFile[]): Promise<string> {
  const path = ledgerPath(deps);
  const ledger = await deps.files.stat(path);
  const all = ledger.ok && ledger.value !== null ? [{ path, ...ledger.value }, ...files] : files;
  const lines = all.map((file) => `${file.path}\t${file.size}\t${file.mtimeMs}`);
  return `local ${deps.bytes.sha256(new TextEncoder().encode(lines.join('\n')))}`;
}

async function bringUp(
  deps: SyncDeps,
  ledger: Ledger,
  files: readonly FoundFile[],
  stamp: string,
): Promise<Result<void, AppError>> {
  const before = await deps.index.entries(deps.self.uuid);
  if (!before.ok) return before;
  const indexed = new Map(before.value.map((entry) => [entry.path, entry]));
  const entries: LogEntry[] = [];
  const unread: LogPath[] = [];
  const onDisk = new Set<string>();
  for (const file of files) {
    const mtime = Math.floor(file.mtimeMs);
    const path = parseLogPath(file.path);
    if (!path.ok) continue;
    onDisk.add(file.path);
    const row = ledger.rows.get(path.value);
    const pushed = row?.entry;
    // The index is made anew when entries come to say more, so what it holds is always told in today's words.
    const told = row?.goneSince === 0 && !isOutdated(ledger) ? pushed : undefined;
    const known = [told, indexed.get(path.value)].find(
      (entry) => entry?.size === file.size && entry.mtime === mtime,
    );
    if (known)
      entries.push({ ...known, stored: known.sha256 === pushed?.sha256 ? pushed.stored : NOT_STORED });
    else unread.push(path.value);
  }
  const gone = [...ledger.rows].filter(([path]) => !onDisk.has(path)).map(([, row]) => row.entry);
  entries.push(...gone);
  await runLimited(unread, TRANSFERS, undefined, async (path) => {
    const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${path}`);
    if (!measured.ok || measured.value === null) return;
    const pushed = ledger.rows.get(path)?.entry;
    const isPushed = measured.value.sha256 === pushed?.sha256;
    entries.push(await describeLog(deps, path, measured.value, isPushed ? pushed.stored : NOT_STORED));
  });
  // A machine without logs comes with its first one.
  if (entries.length === 0 && indexed.size === 0) return ok(undefined);
  const deleted = await deps.index.setDeleted(gone.map(({ path }) => path));
  if (!deleted.ok) return deleted;
  // What could not be read is tried again the next time, though its size and time stay what they are.
  const isWhole = entries.length === onDisk.size + gone.length;
  return await putOwn(deps, entries, isWhole ? stamp : 'local');
}

function putOwn(
  deps: SyncDeps,
  entries: readonly LogEntry[],
  generation: string,
): Promise<Result<void, AppError>> {
  return deps.index.putShard(
    {
      machine: deps.self.uuid,
      host: deps.self.hostname,
      updated: deps.clock.now(),
      generation,
      segments: [],
      receipts: [],
    },
    entries,
    [],
  );
}
