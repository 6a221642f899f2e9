import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { stateFolder } from './journal.ts';
import { git, type TreeRun } from './tree-run.ts';

/** Names of our private work trees; nothing else in the repository has them. */
const NAME = /^sl-[0-9a-f]+$/;

/**
 * Checks out next to nothing: the rebase works in the index alone, whatever the tree's size, and no filter runs. A conflicting file does
 * appear, and is removed with the tree.
 */
const SPARSE = [
  ['core.sparseCheckout', 'true'],
  ['core.sparseCheckoutCone', 'false'],
  ['index.sparse', 'false'],
] as const;
/** A merge reads attributes (union merge, binary files) from disk only. */
const CHECKED_OUT = new TextEncoder().encode('.gitattributes\n');

/** Our own work tree for rebasing commits, so that a conflict never reaches the user's. */
export interface PrivateTree {
  readonly path: string;
  readonly config: typeof SPARSE;
  /** Removes it with its contents. */
  remove(): Answer<void>;
}

/** Makes a private work tree at a commit. */
export async function makePrivateTree(run: TreeRun, commit: string): Answer<PrivateTree> {
  const name = `sl-${run.mark}`;
  const path = inFolder(stateFolder(run.repo.commonDir), name);
  const remove = (): Answer<void> => removePrivateTree(run, name);
  const added = await git(run, {
    args: ['worktree', 'add', '--quiet', '--no-checkout', '--detach', path, commit],
    skipSmudge: true,
  });
  if (!added.ok) return added;
  const sparse = inFolder(run.repo.commonDir, 'worktrees', name, 'info', 'sparse-checkout');
  const written = await run.deps.files.replace(sparse, CHECKED_OUT);
  if (!written.ok) {
    await remove();
    return written;
  }
  const filled = await git(run, {
    cwd: path,
    args: ['reset', '--quiet', '--hard'],
    config: SPARSE,
    skipSmudge: true,
  });
  if (!filled.ok) {
    await remove();
    return filled;
  }
  return ok({ path, config: SPARSE, remove });
}

/** Removes private work trees and scratch files of dead runs. Only the lock's owner may. */
export async function removeLeftovers(run: TreeRun): Answer<void> {
  const { files } = run.deps;
  const names = new Set<string>();
  for (const folder of [inFolder(run.repo.commonDir, 'worktrees'), stateFolder(run.repo.commonDir)]) {
    const found = await files.names(folder);
    if (!found.ok) return found;
    for (const name of found.value) {
      if (NAME.test(name)) names.add(name);
      if (/^scratch-[0-9a-f]+\.index(?:\.lock)?$/.test(name)) await files.remove(inFolder(folder, name));
    }
  }
  for (const name of names) {
    const removed = await removePrivateTree(run, name);
    if (!removed.ok) return removed;
  }
  return ok(undefined);
}

async function removePrivateTree(run: TreeRun, name: string): Answer<void> {
  const { files } = run.deps;
  const path = inFolder(stateFolder(run.repo.commonDir), name);
  const admin = inFolder(run.repo.commonDir, 'worktrees', name);
  const remove = (): ReturnType<typeof git> =>
    git(run, { args: ['worktree', 'remove', '--force', '--force', path] });
  const removed = await remove();
  if (removed.ok) return ok(undefined);
  // Half created or removed by a killed git, so git does not recognise it as a work tree. With these files it does.
  for (const [file, content] of [
    ['gitdir', `${path}/.git\n`],
    ['commondir', '../..\n'],
    ['HEAD', `${'0'.repeat(40)}\n`],
  ] as const) {
    const written = await files.replace(inFolder(admin, file), new TextEncoder().encode(content));
    if (!written.ok) return written;
  }
  const relinked = await files.replace(
    inFolder(path, '.git'),
    new TextEncoder().encode(`gitdir: ${admin}\n`),
  );
  if (!relinked.ok) return relinked;
  const again = await remove();
  if (again.ok) return ok(undefined);
  return fail(
    'attention',
    `A half-made private work tree of an interrupted sync could not be removed: ${again.error.message}`,
    `Remove the folders ${path} and ${admin} by hand; they hold nothing of yours.`,
    { details: { path, admin } },
  );
}
