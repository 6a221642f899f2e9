import type { Answer } from '../../../shared/app-error.ts';
import { LOCK_NAME, OLDER_LOCK_NAMES } from '../ports/lock.ts';
import { inFolder } from '../files/folder-path.ts';
import type { GitSyncDeps, GitSyncRequest } from './git-sync-deps.ts';
import { openJournal } from './journal.ts';
import type { GitSyncLimits } from './limits.ts';
import type { Repo } from '../repository/repo.ts';
import type { TreeRun } from './tree-run.ts';

/**
 * Works in a tree while no other sync of its repository does.
 * @param work gets a run with its own mark and journal; the journal is on disk only once something was written to it
 * @returns `lock-held` when another sync does not end in `request.waitMs`, else the result of `work`
 */
export async function underTreeLock<T>(
  deps: GitSyncDeps,
  limits: GitSyncLimits,
  request: GitSyncRequest,
  repo: Repo,
  work: (run: TreeRun) => Answer<T>,
): Answer<T> {
  const lock = await deps.locks.acquire({
    path: inFolder(repo.commonDir, LOCK_NAME),
    alsoHonour: OLDER_LOCK_NAMES.map((name) => inFolder(repo.commonDir, name)),
    command: 'git-sync',
    waitMs: request.waitMs,
    onWait: (owner) => request.onProgress?.({ phase: 'waiting', tree: repo.tree, owner }),
    signal: request.signal,
  });
  if (!lock.ok) return lock;
  const mark = deps.random.hex(8);
  try {
    const journal = openJournal(deps.files, repo.commonDir, {
      mark,
      tree: repo.tree,
      gitDir: repo.gitDir,
      branch: null,
    });
    return await work({ deps, limits, request, repo, lock: lock.value, journal, mark, warnings: [] });
  } finally {
    const released = await lock.value.release();
    if (released === 'lost')
      deps.logger?.warn('The lock of a git sync was taken away while it was held.', { tree: repo.tree });
  }
}
