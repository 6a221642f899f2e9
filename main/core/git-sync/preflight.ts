import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { Repo } from '../repository/repo.ts';
import type { TreeStatus } from './status.ts';
import { someOf } from './tree-run.ts';

/** Files in the git directory that mark an operation a person began and did not end, with the way out of it. */
const UNFINISHED: readonly (readonly [file: string, what: string, remedy: string])[] = [
  ['rebase-merge', 'a rebase', '`git rebase --continue` or `git rebase --abort`'],
  ['rebase-apply', 'a rebase or patch series', '`git rebase --abort` or `git am --abort`'],
  ['MERGE_HEAD', 'a merge', '`git commit` or `git merge --abort`'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick', '`git cherry-pick --continue` or `git cherry-pick --abort`'],
  ['REVERT_HEAD', 'a revert', '`git revert --continue` or `git revert --abort`'],
  ['sequencer', 'a cherry-pick or revert', '`git cherry-pick --abort` or `git revert --abort`'],
  ['BISECT_LOG', 'a bisect', '`git bisect reset`'],
];

/** A branch with at least one commit, which a sync requires. */
export interface OnBranch {
  readonly branch: string;
  readonly head: string;
}

/**
 * Refuses tree states in which a sync would disturb a person, one sentence each. Changes nothing.
 * @returns `attention`
 */
export async function preflight(files: Files, repo: Repo, status: TreeStatus): Answer<OnBranch> {
  const names = await files.names(repo.gitDir);
  if (!names.ok) return names;
  const unfinished = UNFINISHED.find(([file]) => names.value.includes(file));
  if (unfinished) {
    const [, what, remedy] = unfinished;
    return refuse(repo, `${what} is in progress`, `End it with ${remedy}, then run the command again.`);
  }
  const unmerged = status.entries.filter(({ kind }) => kind === 'unmerged').map(({ path }) => path);
  if (unmerged.length > 0) {
    return refuse(
      repo,
      `it has unsettled conflicts in ${someOf(unmerged)}`,
      'Settle them, `git add` the files, and run the command again.',
      { files: unmerged },
    );
  }
  if (status.branch === null) {
    return refuse(
      repo,
      'HEAD is detached: no branch is checked out',
      'Check out the branch to sync with `git switch <branch>`; `git switch -c <name>` keeps commits made here.',
    );
  }
  if (status.head === null) {
    return refuse(
      repo,
      `its branch ${status.branch} has no commit yet`,
      'Make the first commit by hand, push it with `git push -u`, and run the command again.',
    );
  }
  return ok({ branch: status.branch, head: status.head });
}

function refuse(
  repo: Repo,
  why: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
): Result<never, AppError> {
  return fail('attention', `${repo.tree} was not synced: ${why}.`, remedy, {
    details: { tree: repo.tree, ...details },
  });
}
