import type { Answer } from '../../../shared/app-error.ts';
import { logId, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { cachePath } from '../logs/cache.ts';
import type { IndexedLog, LogToIndex, TextOrigin } from '../ports/search-index.ts';
import { textReader, withCredentials, type OnDisk } from './read-text.ts';
import type { SearchDeps } from './search-deps.ts';

/** Text per database transaction: limits memory, and how long another process waits. */
export const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_LOGS = 2_000;
/** From this many logs on, the database prepares for a first build. */
export const MANY = 500;

export interface SweepOptions {
  /**
   * Stop after reading for this long, in milliseconds; the next sweep continues. Default: no limit. Detecting changes does not count, so
   * that a log just saved is indexed even on a slow machine.
   */
  readonly withinMs?: number;
  /** Bytes of text per transaction: less where somebody may search meanwhile and wait for it. */
  readonly batchBytes?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** A sweep's progress. */
export interface SweepProgress {
  readonly done: number;
  readonly total: number;
  /** Of indexed texts. */
  readonly bytes: number;
}

export interface SweepReport {
  /** Logs indexed, and logs removed. */
  readonly added: number;
  readonly removed: number;
  /** Logs left for the next sweep. */
  readonly waiting: number;
}

/**
 * Updates the full text from this disk: the data folder, the workspaces and the cache, as in the index (update that first), with the logs
 * that git has deleted. Reads only what changed, newest first. Killed or cancelled anywhere, the next sweep resumes. Skips the comparison
 * if the index is unchanged since a complete sweep: most searches find it so.
 */
export async function sweepTexts(deps: SearchDeps, options: SweepOptions = {}): Answer<SweepReport> {
  // Before any scan: changes meanwhile are another state.
  const state = await stateOf(deps);
  const before = await deps.search.swept();
  if (state !== null && before.ok && before.value === state) return ok({ added: 0, removed: 0, waiting: 0 });
  const known = await deps.search.known();
  if (!known.ok) return known;
  const there = await logsOnDisk(deps);
  if (!there.ok) return there;
  const { changed, gone } = difference(known.value, there.value);
  const removed = gone.length === 0 ? ok(undefined) : await deps.search.remove(gone);
  if (!removed.ok) return removed;
  const isBuild = changed.length >= MANY;
  if (isBuild) {
    const ready = await deps.search.building(true);
    if (!ready.ok) return ready;
  }
  const report = await putAll(deps, changed, options);
  if (isBuild) {
    const done = await deps.search.building(false);
    if (report.ok && !done.ok) return done;
  }
  if (!report.ok) return report;
  if (state !== null && report.value.added === changed.length) await deps.search.setSwept(state);
  return ok({ ...report.value, removed: gone.length });
}

/** The inputs of a sweep as text; null when unknown. */
async function stateOf({ sync, ownCredentials }: SearchDeps): Promise<string | null> {
  const version = await sync.index.version();
  return version.ok ? `${version.value} ${ownCredentials() ? 'own' : 'never'}` : null;
}

async function putAll(
  deps: SearchDeps,
  changed: readonly OnDisk[],
  { withinMs = Number.POSITIVE_INFINITY, signal, onProgress, batchBytes = BATCH_BYTES }: SweepOptions,
): Answer<Omit<SweepReport, 'removed'>> {
  const stop = deps.sync.clock.now() + withinMs;
  const readText = textReader(deps, changed);
  let [done, added, bytes] = [0, 0, 0];
  while (done < changed.length && deps.sync.clock.now() < stop && signal?.aborted !== true) {
    const batch: LogToIndex[] = [];
    let size = 0;
    while (done < changed.length && size < batchBytes && batch.length < BATCH_LOGS) {
      if (batch.length > 0 && deps.sync.clock.now() >= stop) break;
      const log = changed[done];
      done++;
      const text = log === undefined ? null : await readText(log);
      if (log === undefined || text === null) continue;
      const { file: _file, within: _within, ...facts } = log;
      batch.push({ ...facts, text });
      size += text.length;
    }
    const put = batch.length === 0 ? ok(undefined) : await deps.search.put(batch, { signal });
    if (!put.ok) return put;
    added += batch.length;
    bytes += size;
    onProgress?.({ done, total: changed.length, bytes });
  }
  return ok({ added, waiting: changed.length - done });
}

function difference(
  known: readonly IndexedLog[],
  there: readonly OnDisk[],
): { readonly changed: readonly OnDisk[]; readonly gone: readonly IndexedLog[] } {
  const before = new Map(known.map((log) => [keyOf(log), log]));
  const now = new Set(there.map(keyOf));
  const changed = there.filter((log) => {
    const other = before.get(keyOf(log));
    return other === undefined || !isSame(other, log);
  });
  // Texts from packs are not on this disk and stay.
  const gone = known.filter((log) => log.origin !== 'pack' && !now.has(keyOf(log)));
  return { changed: changed.sort((a, b) => b.mtime - a.mtime), gone };
}

function isSame(one: IndexedLog, other: OnDisk): boolean {
  return (
    one.origin === other.origin &&
    one.sha256 === other.sha256 &&
    one.size === other.size &&
    one.mtime === other.mtime
  );
}

function keyOf({ machine, path }: Pick<IndexedLog, 'machine' | 'path'>): string {
  return `${machine}/${path}`;
}

async function logsOnDisk(deps: SearchDeps): Answer<readonly OnDisk[]> {
  const own = await ownLogs(deps);
  if (!own.ok) return own;
  const workspaces = await workspaceLogs(deps);
  if (!workspaces.ok) return workspaces;
  const cached = await cachedLogs(deps);
  return cached.ok ? ok([...own.value, ...workspaces.value, ...cached.value]) : cached;
}

async function ownLogs(deps: SearchDeps): Answer<readonly OnDisk[]> {
  const { sync } = deps;
  const entries = await sync.index.entries(sync.self.uuid);
  if (!entries.ok) return entries;
  const scan = await sync.files.scanLogs(sync.paths.sessionLogs);
  if (!scan.ok) return scan;
  const onDisk = new Set(scan.value.files.map(({ path }) => path));
  return ok(entries.value.filter(({ path }) => onDisk.has(path)).map((entry) => ownLog(deps, entry)));
}

/** One of this machine's own logs, from the index. */
export function ownLog({ sync, ownCredentials }: SearchDeps, entry: LogEntry): OnDisk {
  const credentials = ownCredentials();
  return {
    ...factsOf(entry, 'own', sync.self.uuid, sync.self.hostname, credentials),
    ...(credentials ? { credentials } : {}),
    file: inFolder(sync.paths.sessionLogs, entry.path),
    within: sync.paths.sessionLogs,
  };
}

async function workspaceLogs({ sync }: SearchDeps): Answer<readonly OnDisk[]> {
  const found: OnDisk[] = [];
  for (const { machine, root, name } of await sync.surroundings.workspaces()) {
    const entries = await sync.index.entries(machine);
    if (!entries.ok) return entries;
    for (const entry of entries.value)
      found.push({
        ...factsOf(entry, entry.commit === undefined ? 'workspace' : 'git', machine, name),
        file: inFolder(root, entry.path),
        within: root,
      });
  }
  return ok(found);
}

async function cachedLogs({ sync }: SearchDeps): Answer<readonly OnDisk[]> {
  const machines = await sync.index.machines();
  if (!machines.ok) return machines;
  const found: OnDisk[] = [];
  for (const { machine, host, cachedLogs: count } of machines.value) {
    if (count === 0 || machine === sync.self.uuid) continue;
    const digests = await sync.index.cachedDigests(machine);
    if (!digests.ok) return digests;
    for (const { path, sha256 } of digests.value) {
      const row = await sync.index.row(logId(machine, path));
      if (!row.ok) return row;
      const entry = row.value;
      const { mtime = 0, size = 0 } = entry ?? {};
      found.push({
        machine,
        path,
        host,
        size,
        mtime,
        sha256,
        origin: 'cached',
        ...(entry === null ? {} : { entry }),
        file: cachePath(sync, machine, path),
        within: sync.paths.cache,
      });
    }
  }
  return ok(found);
}

function factsOf(
  entry: LogEntry,
  origin: TextOrigin,
  machine: MachineUuid,
  host: string,
  credentials = false,
): Omit<LogToIndex, 'text'> & { readonly path: LogPath } {
  const { title, author, date, user, project, client, tags, parts, commit } = entry;
  return {
    machine,
    host,
    path: entry.path,
    size: entry.size,
    mtime: entry.mtime,
    // Re-index a log when the setting about its credentials changes.
    sha256: credentials ? withCredentials(entry.sha256) : entry.sha256,
    origin,
    ...(commit === undefined ? {} : { commit }),
    entry: {
      title,
      author,
      date,
      ...(user === undefined ? {} : { user }),
      ...(project === undefined ? {} : { project }),
      ...(client === undefined ? {} : { client }),
      ...(tags === undefined ? {} : { tags }),
      ...(parts === undefined ? {} : { parts }),
    },
  };
}
