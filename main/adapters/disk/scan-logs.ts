import { basename, dirname, join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FoundFile, ScanResult, SkippedPath } from '../../core/ports/files.ts';
import { errnoOf } from './errno.ts';
import type { DiskCalls, DiskStat } from './disk.ts';
import { isTemporaryName } from '../../../shared/domain/temporary-name.ts';

const LOG = /\.md$/i;
/**
 * Folders that systems and network storage add beside people's files: thumbnails, deleted files and the like, which may have the names
 * of those files.
 */
const SYSTEM_FOLDERS = new Set([
  '@eaDir',
  '#recycle',
  '#snapshot',
  '@Recycle',
  '@Recently-Snapshot',
  '$RECYCLE.BIN',
  'System Volume Information',
  'lost+found',
  '__MACOSX',
]);

/** Milliseconds on this thread before the event loop has its turn. */
const TURN_MS = 50;

/**
 * Lists the logs below a folder. Blocking on purpose: 10,000 files take about 35 ms this way and several times that through the thread
 * pool, and `status` waits for nothing else. With many more, windows, signals and garbage collection get their turn. Every entry is stat'ed,
 * because a listing with kinds takes longer than the few calls it would save. Links are never followed, so there are no cycles.
 * @throws disk errors for the folder itself; failures below it become problems of the result
 */
export async function scanLogs(disk: DiskCalls, folder: string): Promise<ScanResult> {
  const files: FoundFile[] = [];
  const problems: Problems = [];
  let root: string | null = null;
  let until = performance.now() + TURN_MS;
  const visit = async (absolute: string, relative: string): Promise<void> => {
    for (const name of namesIn(disk, absolute, relative, problems)) {
      if (performance.now() > until) {
        await setImmediate();
        until = performance.now() + TURN_MS;
      }
      // Hidden: .git, .trash, editors' swap files and our own temporary files.
      if (name.startsWith('.') || isTemporaryName(name)) continue;
      const path = relative + name;
      const full = absolute + sep + name;
      const facts = look(disk, full, path, problems);
      if (facts === null) continue;
      if (facts.isFile()) {
        if (LOG.test(name)) files.push({ path, size: facts.size, mtimeMs: facts.mtimeMs });
      } else if (facts.isDirectory()) {
        if (SYSTEM_FOLDERS.has(name)) continue;
        if (LOG.test(name)) problems.push({ path, problem: 'it is a folder, though named like a log' });
        else await visit(full, `${path}/`);
      } else if (facts.isSymbolicLink()) {
        root ??= disk.realpath(folder);
        const problem = linkProblem(disk, full, root, LOG.test(name));
        if (problem) problems.push({ path, problem });
      } else if (LOG.test(name)) {
        problems.push({ path, problem: 'it is a device, pipe or socket, though named like a log' });
      }
    }
  };
  await visit(folder, '');
  const order = (a: { path: string }, b: { path: string }): number =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
  return { files: files.sort(order), problems: problems.sort(order) };
}

type Problems = SkippedPath[];

/** Lists a folder; empty if it cannot be read, which becomes a problem unless it is the folder of all logs. */
function namesIn(disk: DiskCalls, absolute: string, relative: string, problems: Problems): readonly string[] {
  try {
    return disk.names(absolute);
  } catch (error) {
    const code = errnoOf(error);
    // A folder removed after its parent was listed has nothing left to list.
    if (code === 'ENOENT') return [];
    if (relative === '') throw error;
    problems.push({
      path: relative.slice(0, -1),
      problem: `the folder cannot be read (${code})`,
      unread: true,
    });
    return [];
  }
}

/** What an entry is; null when it has disappeared or cannot be examined. */
function look(disk: DiskCalls, full: string, path: string, problems: Problems): DiskStat | null {
  try {
    return disk.lstat(full);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT') problems.push({ path, problem: `it cannot be looked at (${code})`, unread: true });
    // A name that is not valid UTF-8 does not survive conversion to a string, so the file cannot be addressed.
    else if (path.includes('\ufffd') && LOG.test(path))
      problems.push({ path, problem: 'its name is not valid UTF-8' });
    return null;
  }
}

/** Null for a link that stays inside (its target is listed itself) or has nothing to do with logs. */
function linkProblem(disk: DiskCalls, full: string, root: string, named: boolean): string | null {
  let target: string;
  let facts: DiskStat;
  try {
    target = disk.realpath(full);
    facts = disk.stat(full);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ELOOP') return 'it is a symbolic link that leads back to itself';
    return named ? `it is a symbolic link that leads nowhere (${code})` : null;
  }
  if (target === root || target.startsWith(root + sep)) return null;
  if (!named && !facts.isDirectory()) return null;
  return 'it is a symbolic link that leaves the folder';
}

/**
 * Resolves a path whose last parts may not exist yet, following links in the existing part.
 * @returns null when the existing part cannot be resolved
 */
export function resolveExisting(disk: DiskCalls, path: string): string | null {
  const rest: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(disk.realpath(at), ...rest);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || dirname(at) === at) return null;
      // A write would follow a dangling link.
      if (isThere(disk, at)) return null;
      rest.unshift(basename(at));
    }
  }
}

function isThere(disk: DiskCalls, path: string): boolean {
  try {
    disk.lstat(path);
    return true;
  } catch {
    return false;
  }
}
