import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { fieldsOf, git, nulList, type TreeRun } from './tree-run.ts';

/**
 * Brings the index to what was just committed. A hook that formats files and adds them again writes them into the index of the commit
 * alone; in the work tree's the text from before the hook stays staged, and the next commit of anybody would take the hook's changes
 * out again. The same goes for files that a hook added beside ours. What somebody had staged of other files stays staged.
 * @param own paths that were committed
 * @param before the commit that HEAD pointed to before
 */
export async function settleIndex(
  run: TreeRun,
  own: readonly string[],
  before: string,
): Promise<Result<void, AppError>> {
  const unlike = await stagedAgainst(run, 'HEAD');
  if (!unlike.ok || unlike.value.size === 0) return unlike.ok ? ok(undefined) : unlike;
  const ours = own.filter((path) => unlike.value.has(path));
  const hooks = unlike.value.size === ours.length ? ok([]) : await addedByHooks(run, before, unlike.value);
  if (!hooks.ok) return hooks;
  return resetIndex(run, [...new Set([...ours, ...hooks.value])]);
}

/**
 * Puts the index entries of these paths to what HEAD has; files on disk are not touched. A path that HEAD has not leaves the index.
 * @param paths relative to the top of the work tree
 */
export async function resetIndex(run: TreeRun, paths: readonly string[]): Promise<Result<void, AppError>> {
  if (paths.length === 0) return ok(undefined);
  const reset = await git(run, {
    args: ['reset', '-q', '--pathspec-from-file=-', '--pathspec-file-nul'],
    stdin: nulList(paths),
    accept: [1],
  });
  return reset.ok ? ok(undefined) : reset;
}

/** Files of the new commit whose index entry is still the one from before it: nobody staged them, so a hook added them. */
async function addedByHooks(
  run: TreeRun,
  before: string,
  unlike: ReadonlySet<string>,
): Promise<Result<readonly string[], AppError>> {
  const staged = await stagedAgainst(run, before);
  if (!staged.ok) return staged;
  const committed = await git(run, {
    reads: true,
    args: ['diff-tree', '-r', '-z', '--no-renames', '--name-only', before, 'HEAD', '--'],
  });
  if (!committed.ok) return committed;
  return ok(fieldsOf(committed.value).filter((path) => unlike.has(path) && !staged.value.has(path)));
}

/** Paths whose index entry is not what a commit has. */
async function stagedAgainst(run: TreeRun, commit: string): Promise<Result<ReadonlySet<string>, AppError>> {
  const listed = await git(run, {
    reads: true,
    args: ['diff-index', '--cached', '-z', '--no-renames', '--name-only', commit, '--'],
  });
  return listed.ok ? ok(new Set(fieldsOf(listed.value))) : listed;
}
