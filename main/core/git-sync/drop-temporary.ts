import { isTemporaryLog, isTemporaryName, TEMPORARY_AGE_MS } from '../../../shared/domain/temporary-name.ts';
import { inFolder, nameOf } from '../files/folder-path.ts';
import type { StatusEntry, TreeStatus } from './status.ts';
import type { TreeRun } from './tree-run.ts';

/**
 * Drops killed writers' leftovers from the status, so that no run commits or counts them, and removes a log's leftovers once they are a day
 * old. Whatever git tracks is somebody's file, whatever its name. Best effort: what cannot be removed stays.
 */
export async function dropTemporary(run: TreeRun, status: TreeStatus): Promise<TreeStatus> {
  const left = status.entries.filter(isLeft);
  if (left.length === 0) return status;
  for (const { path } of left) if (isTemporaryLog(nameOf(path))) await removeOld(run, path);
  return { ...status, entries: status.entries.filter((entry) => !isLeft(entry)) };
}

function isLeft({ kind, path }: StatusEntry): boolean {
  return kind === 'untracked' && isTemporaryName(nameOf(path));
}

async function removeOld({ deps, repo }: TreeRun, path: string): Promise<void> {
  const file = inFolder(repo.tree, path);
  const facts = await deps.files.stat(file);
  if (!facts.ok || facts.value?.kind !== 'file') return;
  if (deps.clock.now() - facts.value.mtimeMs > TEMPORARY_AGE_MS) await deps.files.remove(file);
}
