import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import type { OldJournal } from './journal.ts';
import type { TreeRun } from './tree-run.ts';

/** Disks that keep whole seconds only may be as coarse as this (FAT). */
const COARSE_MS = 2_000;
/** How long a lock file is watched where the system cannot tell whose git processes run. */
const WATCH_MS = 2_000;
const LOOK_MS = 100;

/**
 * Removes lock files that a killed git of ours left: git never does, and every later command would fail on them. Only files that are
 * younger than the step in which it was killed count, and only once no git process works in the repository, because a person's
 * own git may have made one since; that one is waited for.
 * @param dead journal of the run whose git processes are known to have ended
 * @returns paths that were removed; `lock-held` when a git of somebody else keeps working
 */
export async function clearDeadLocks(
  run: TreeRun,
  dead: OldJournal,
): Promise<Result<readonly string[], AppError>> {
  const suspects = await suspectLocks(run, dead);
  if (suspects.length === 0) return ok([]);
  const folders = [dead.tree, dead.gitDir, run.repo.commonDir];
  const until = run.deps.clock.monotonic() + run.limits.gitLockMs;
  for (;;) {
    const busy = await run.deps.git.busyIn(folders);
    if (busy === 'no') break;
    if (busy === 'unknown') {
      await run.deps.clock.sleep(Math.min(WATCH_MS, run.limits.gitLockMs), run.request.signal);
      break;
    }
    const awake = await run.deps.clock.sleep(LOOK_MS, run.request.signal);
    if (!awake || run.deps.clock.monotonic() > until) return err(stillBusy(run, suspects));
  }
  const removed: string[] = [];
  for (const before of suspects) {
    const now = await run.deps.files.stat(before.path);
    // Gone, or another one by now: then somebody alive made it.
    if (!now.ok || now.value === null || now.value.mtimeMs !== before.mtimeMs || now.value.ino !== before.ino)
      continue;
    const gone = await run.deps.files.remove(before.path);
    if (!gone.ok) return gone;
    removed.push(before.path);
  }
  return ok(removed);
}

interface Suspect {
  readonly path: string;
  readonly mtimeMs: number;
  readonly ino: number;
}

async function suspectLocks(run: TreeRun, dead: OldJournal): Promise<readonly Suspect[]> {
  const { files } = run.deps;
  const found: Suspect[] = [];
  const look = async (folder: string, isLock: (name: string) => boolean): Promise<void> => {
    const names = await files.names(folder);
    if (!names.ok) return;
    for (const name of names.value.filter(isLock)) {
      const path = inFolder(folder, name);
      const facts = await files.stat(path);
      if (!facts.ok || facts.value?.kind !== 'file') continue;
      const { mtimeMs, ino } = facts.value;
      const slack = mtimeMs % 1_000 === 0 ? COARSE_MS : 0;
      if (mtimeMs + slack >= dead.lastWriteMs) found.push({ path, mtimeMs, ino });
    }
  };
  const topLevel = (name: string): boolean => name.endsWith('.lock') || name === 'packed-refs.new';
  for (const folder of new Set([dead.gitDir, run.repo.commonDir])) await look(folder, topLevel);
  const below = async (folder: string, depth: number): Promise<void> => {
    await look(folder, (name) => name.endsWith('.lock'));
    const names = await files.names(folder);
    if (!names.ok || depth === 0) return;
    for (const name of names.value) {
      const facts = await files.stat(inFolder(folder, name));
      if (facts.ok && facts.value?.kind === 'folder') await below(inFolder(folder, name), depth - 1);
    }
  };
  // Branch names may hold slashes, and remotes too.
  for (const refs of ['refs/heads', 'refs/remotes', 'refs/session-log', 'reftable'])
    await below(inFolder(run.repo.commonDir, refs), 6);
  await below(inFolder(run.repo.commonDir, 'modules'), 3);
  return found;
}

function stillBusy(run: TreeRun, suspects: readonly Suspect[]): AppError {
  const paths = suspects.map(({ path }) => path);
  return appError(
    'lock-held',
    `Deferred: an earlier sync of ${run.repo.tree} was killed and left ${paths[0] ?? 'a lock file'}, and another git program works there now.`,
    'Nothing is lost. Sync again when that program has ended.',
    { details: { cause: 'git-lock', tree: run.repo.tree, paths } },
  );
}
