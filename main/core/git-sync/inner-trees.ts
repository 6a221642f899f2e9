import type { Files } from '../ports/files.ts';
import { inFolder, parentOf } from '../files/folder-path.ts';
import { isOwnTree } from '../workspaces/workspace.ts';
import type { GitSyncRequest } from './git-sync-deps.ts';
import { relativeTo, type Repo } from '../repository/repo.ts';

/** Folder of logs in a work tree; people make it a repository of its own to keep private logs beside public code. */
const LOGS = 'session-logs';

/**
 * Finds the folders of a work tree that are separate repositories (clones or submodules) with logs or own paths: the outer tree does not
 * contain their files, so these are committed there.
 * @returns absolute paths, sorted
 */
export async function innerTrees(
  files: Files,
  repo: Repo,
  own: GitSyncRequest['own'],
): Promise<readonly string[]> {
  const folders = new Set([inFolder(repo.tree, LOGS)]);
  for (const path of typeof own === 'string' ? [] : own) {
    const inner = relativeTo(repo, path);
    if (inner === null || inner.split('/').includes('..')) continue;
    for (
      let at = parentOf(inFolder(repo.tree, inner));
      at !== null && at.length > repo.tree.length;
      at = parentOf(at)
    )
      folders.add(at);
  }
  const found: string[] = [];
  for (const folder of folders) if (await isOwnTree(files, folder)) found.push(folder);
  return found.sort();
}
