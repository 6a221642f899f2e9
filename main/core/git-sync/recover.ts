import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { headOf } from './commit-own.ts';
import { clearDeadLocks } from './dead-locks.ts';
import { healMove } from './heal-move.ts';
import {
  journalPath,
  openJournal,
  readJournal,
  stateFolder,
  type OldJournal,
  type OwedNotes,
} from './journal.ts';
import { moveTree } from './move-tree.ts';
import { clearPending } from './pending-move.ts';
import { removeLeftovers } from './private-tree.ts';
import { resetIndex } from './settle-index.ts';
import type { TreeRun } from './tree-run.ts';

/** What an interrupted run leaves to the next one. */
export interface Inheritance {
  /** Paths it was committing; their owner requested it, so they are ours to commit. */
  readonly paths: readonly string[];
  /** Arrived logs with unreported notes. */
  readonly owed: readonly OwedNotes[];
}

const NOTHING: Inheritance = { paths: [], owed: [] };

/**
 * Finishes or undoes a killed run's half-done work, before anything else. Holding the lock proves that the run is dead; its git processes
 * may still live, because each leads its own session.
 */
export async function recover(run: TreeRun): Answer<Inheritance> {
  const { files } = run.deps;
  const read = await readJournal(files, run.repo.commonDir);
  if (!read.ok) return read;
  if (read.value === 'torn') {
    // Its first write failed, so it took no step; kept anyway.
    const aside = inFolder(stateFolder(run.repo.commonDir), `journal-${run.mark}.torn`);
    const moved = await files.move(journalPath(run.repo.commonDir), aside);
    if (!moved.ok) return moved;
    run.warnings.push(`The journal of an interrupted sync could not be read; it was kept as ${aside}.`);
  }
  if (read.value === null || read.value === 'torn') {
    const tidied = await removeLeftovers(run);
    return tidied.ok ? ok(NOTHING) : tidied;
  }
  run.request.onProgress?.({
    phase: 'recovering',
    tree: run.repo.tree,
    step: read.value.last?.step ?? 'start',
  });
  const repaired = await repair(run, read.value);
  if (!repaired.ok) return repaired;
  const removed = await files.remove(journalPath(run.repo.commonDir));
  if (!removed.ok) return removed;
  // The repair may have added to that file; this run starts a new one.
  const cleared = await run.journal.clear();
  return cleared.ok ? repaired : cleared;
}

/** Undoes or finishes a dead run's last step. */
export async function repair(run: TreeRun, dead: OldJournal): Answer<Inheritance> {
  for (const mark of dead.marks) {
    const ended = await run.deps.git.endRun(mark);
    if (!ended.ok) return ended;
  }
  const unlocked = await clearDeadLocks(run, dead);
  if (!unlocked.ok) return unlocked;
  const tidied = await removeLeftovers(run);
  if (!tidied.ok) return tidied;
  const at = await treeOf(run, dead);
  // That work tree is gone, with all its half-done work.
  if (at === null) return ok(NOTHING);
  // A commit killed between branch and index leaves the new files "deleted" in the index, and the next commit by anybody would delete them.
  if (dead.last?.step === 'commit') {
    const reset = await resetIndex(at, dead.last.paths);
    if (!reset.ok) return reset;
  }
  if (dead.last?.step === 'move') {
    const moved = await finishMove(at, dead.last);
    if (!moved.ok) return moved;
  }
  if (at !== run) {
    if (dead.last?.step === 'commit')
      run.warnings.push(`A sync of ${dead.tree} was interrupted while it committed; sync that tree again.`);
    return ok(NOTHING);
  }
  return ok({ paths: dead.last?.step === 'commit' ? dead.last.paths : [], owed: dead.owed });
}

/** This run, or an equivalent one in the linked work tree of the dead run. */
async function treeOf(run: TreeRun, dead: OldJournal): Promise<TreeRun | null> {
  if (dead.gitDir === run.repo.gitDir) return run;
  const facts = await run.deps.files.stat(dead.gitDir);
  const tree = await run.deps.files.stat(dead.tree);
  if (!facts.ok || facts.value === null || !tree.ok || tree.value === null) return null;
  const place = { tree: dead.tree, gitDir: dead.gitDir };
  const journal = openJournal(run.deps.files, run.repo.commonDir, {
    mark: run.mark,
    branch: dead.branch,
    ...place,
  });
  return { ...run, journal, repo: { ...run.repo, ...place, names: [dead.tree] } };
}

async function finishMove(run: TreeRun, step: { readonly old: string; readonly new: string }): Answer<void> {
  const head = await headOf(run);
  if (!head.ok) return head;
  // Somebody committed since: their tree stands, and the next sync merges it with the remote's.
  if (head.value !== step.old) return ok(undefined);
  const diffs = await healMove(run, step.old, step.new);
  if (!diffs.ok) return diffs;
  const moved = await moveTree(run, step.old, step.new, diffs.value);
  if (!moved.ok) return moved;
  if (moved.value.kind === 'moved') return clearPending(run);
  return ok(undefined);
}
