import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { fieldsOf, git, nulList, type TreeRun } from './tree-run.ts';

/**
 * Updates the index to the new commit. A hook that formats files and re-adds them writes them only into the commit's index; the text from
 * before the hook stays staged in the work tree's, and anybody's next commit would revert the hook's changes. The same goes for files that
 * a hook added beside ours. Other staged files stay staged.
 * @param own committed paths
 * @param before HEAD's previous commit
 */
export async function settleIndex(run: TreeRun, own: readonly string[], before: string): Answer<void> {
  const unlike = await stagedAgainst(run, 'HEAD');
  if (!unlike.ok || unlike.value.size === 0) return unlike.ok ? ok(undefined) : unlike;
  const ours = own.filter((path) => unlike.value.has(path));
  const hooks = unlike.value.size === ours.length ? ok([]) : await addedByHooks(run, before, unlike.value);
  if (!hooks.ok) return hooks;
  return resetIndex(run, [...new Set([...ours, ...hooks.value])]);
}

/**
 * Resets the index entries of these paths to HEAD; does not touch files on disk. A path absent from HEAD leaves the index.
 * @param paths relative to the top of the work tree
 */
export async function resetIndex(run: TreeRun, paths: readonly string[]): Answer<void> {
  if (paths.length === 0) return ok(undefined);
  const reset = await git(run, {
    args: ['reset', '-q', '--pathspec-from-file=-', '--pathspec-file-nul'],
    stdin: nulList(paths),
    accept: [1],
  });
  return reset.ok ? ok(undefined) : reset;
}

/** Files of the new commit with an unchanged index entry: nobody staged them, so a hook added them. */
async function addedByHooks(
  run: TreeRun,
  before: string,
  unlike: ReadonlySet<string>,
): Answer<readonly string[]> {
  const staged = await stagedAgainst(run, before);
  if (!staged.ok) return staged;
  const committed = await git(run, {
    reads: true,
    args: ['diff-tree', '-r', '-z', '--no-renames', '--name-only', before, 'HEAD', '--'],
  });
  if (!committed.ok) return committed;
  return ok(fieldsOf(committed.value).filter((path) => unlike.has(path) && !staged.value.has(path)));
}

/** Paths whose index entry differs from a commit's. */
async function stagedAgainst(run: TreeRun, commit: string): Answer<ReadonlySet<string>> {
  const listed = await git(run, {
    reads: true,
    args: ['diff-index', '--cached', '-z', '--no-renames', '--name-only', commit, '--'],
  });
  return listed.ok ? ok(new Set(fieldsOf(listed.value))) : listed;
}
