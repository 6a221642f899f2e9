import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder, parentOf } from '../files/folder-path.ts';
import { isGarbled } from './garbled.ts';
import { stateFolder } from './journal.ts';
import type { TreeStatus } from './status.ts';
import type { TreeRun } from './tree-run.ts';

/** A file moved out of the work tree. */
export interface Rescued {
  readonly path: string;
  /** Absolute. */
  readonly to: string;
}

/** This run's folder for files moved aside; we never delete anything in it. */
export function rescueFolder(run: TreeRun): string {
  return inFolder(stateFolder(run.repo.commonDir), 'rescue', run.mark);
}

/**
 * Moves untracked files with garbled Windows paths as names to the rescue folder. One that cannot be moved stays and is never committed;
 * the run continues.
 */
export async function rescueGarbled(run: TreeRun, status: TreeStatus): Answer<readonly Rescued[]> {
  const garbled = status.entries.filter(({ kind, path }) => kind === 'untracked' && isGarbled(path));
  if (garbled.length === 0) return ok([]);
  const step = await run.journal.step({ step: 'rescue' }, false);
  if (!step.ok) return step;
  const rescued: Rescued[] = [];
  for (const { path } of garbled) {
    const moved = await moveAside(run, path);
    if (moved.ok) rescued.push({ path, to: moved.value });
    else
      run.warnings.push(
        `${JSON.stringify(path)} has a garbled name and could not be moved aside: ${moved.error.message}`,
      );
  }
  return ok(rescued);
}

/**
 * Moves a file of the work tree to the rescue folder, under its own path there.
 * @returns its new path
 */
export async function moveAside(run: TreeRun, path: string): Answer<string> {
  const to = inFolder(rescueFolder(run), path);
  const made = await run.deps.files.makeFolder(parentOf(to) ?? rescueFolder(run));
  if (!made.ok) return made;
  const moved = await run.deps.files.move(inFolder(run.repo.tree, path), to);
  return moved.ok ? ok(to) : moved;
}
