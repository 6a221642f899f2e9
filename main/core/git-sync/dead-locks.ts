import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import type { OldJournal } from './journal.ts';
import type { TreeRun } from './tree-run.ts';

/** The coarsest timestamps of disks with whole seconds only (FAT). */
const COARSE_MS = 2_000;
/** How long to watch a lock file where the system cannot tell whose git processes run. */
const WATCH_MS = 2_000;
const LOOK_MS = 100;

/**
 * Removes lock files left by a killed git of ours: git never does, and they would fail every later command. Removes only files younger than
 * the step in which it was killed, and only once no git process works in the repository, because a person's git may have created one since;
 * waits for that one.
 * @param dead journal of the run whose git processes are known to have ended
 * @returns removed paths; `lock-held` when another git keeps working
 */
export async function clearDeadLocks(run: TreeRun, dead: OldJournal): Answer<readonly string[]> {
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
    // Gone or replaced: then its owner is alive.
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
  // Branches and remotes may have slashes in names.
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
