import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { gitCause } from '../ports/git.ts';
import { inFolder } from '../files/folder-path.ts';
import { commitMessage } from './commit-message.ts';
import { configFlag, configValue, type GitConfig } from '../repository/git-config.ts';
import { isSha, stateFolder } from './journal.ts';
import type { Selection } from './own-paths.ts';
import { isAbsolute } from '../repository/repo.ts';
import { resetIndex, settleIndex } from './settle-index.ts';
import { git, nulList, someOf, textOf, type TreeRun } from './tree-run.ts';

/** Above this many files their contents are first written as one pack: git syncs each loose file separately. */
const PACK_FROM = 24;
const COMMIT_HOOKS = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'];

/** `vanished`: a selected file was gone when git looked, so the selection is outdated. */
export type CommitOutcome = { readonly subject: string } | 'nothing' | 'vanished';

/**
 * Commits exactly the selected paths from the current HEAD. Other sessions' staged or unstaged changes stay as they are: `commit --only`
 * builds the commit in a separate index.
 * @param head the commit of HEAD when the paths were selected
 */
export async function commitOwn(run: TreeRun, selection: Selection, head: string): Answer<CommitOutcome> {
  const paths = selection.commit;
  if (paths.length === 0) return ok('nothing');
  const step = await run.journal.step({ step: 'commit', paths }, true);
  if (!step.ok) return step;
  if (paths.length >= PACK_FROM) await packContents(run, paths);
  if (selection.untracked.length > 0) {
    // Intent to add: no content in the index, so that another commit meanwhile includes nothing of ours.
    const added = await git(run, {
      // `--sparse`: a log may be outside a sparse checkout.
      args: ['add', '-N', '--sparse', '--pathspec-from-file=-', '--pathspec-file-nul'],
      stdin: nulList(selection.untracked),
    });
    if (!added.ok) return gitCause(added.error) === 'no-such-path' ? ok('vanished') : added;
  }
  const held = await run.lock.fence();
  if (!held.ok) return held;
  const committed = await commitPaths(run, paths, head);
  const made = committed.ok && typeof committed.value === 'object';
  // Intents left from a failed commit would enter the next `git commit -a` by anybody.
  const settled = made ? await settleIndex(run, paths, head) : await resetIndex(run, selection.untracked);
  if (!settled.ok) run.warnings.push(indexLeft(paths, settled.error));
  return committed;
}

async function commitPaths(run: TreeRun, paths: readonly string[], head: string): Answer<CommitOutcome> {
  const { identity } = run.request;
  const message = commitMessage(identity, paths, run.deps.clock.now());
  const hooks = await hasHooks(run, COMMIT_HOOKS);
  const signs = configFlag(run.repo.config, 'commit.gpgsign');
  const { hookMs, signMs, perFileMs } = run.limits;
  const committed = await git(run, {
    args: [
      'commit',
      '-q',
      '--only',
      '--cleanup=whitespace',
      '-m',
      message.subject,
      '-m',
      message.body,
      '--pathspec-from-file=-',
      '--pathspec-file-nul',
    ],
    stdin: nulList(paths),
    hooks: true,
    identity: authorOf(run),
    accept: [1],
    deadlineMs: (signs && !hooks ? signMs : hookMs + (signs ? signMs : 0)) + perFileMs * paths.length,
  });
  if (!committed.ok) {
    if (gitCause(committed.error) !== 'deadline') return committed;
    const now = await headOf(run);
    if (!now.ok || now.value === head) return err(commitTimedOut(run, signs, hooks));
    run.warnings.push('The commit was made, but a hook that ran after it took too long and was stopped.');
    return ok({ subject: message.subject });
  }
  if (committed.value.exitCode === 0) return ok({ subject: message.subject });
  if (/nothing (?:added )?to commit|no changes added to commit/.test(textOf(committed.value)))
    return ok('nothing');
  if (/did not match any file/.test(committed.value.stderr)) return ok('vanished');
  return err(commitDeclined(run, committed.value.stderr, hooks));
}

/** Author and committer for what this run writes. */
export function authorOf(run: TreeRun): { readonly name: string; readonly email: string } {
  const { name, email } = run.request.identity;
  return { name, email: email === '' ? (configValue(run.repo.config, 'user.email') ?? '') : email };
}

/**
 * Writes the contents into one pack, synced once, through a temporary scratch index. Measured for 1,000 logs: add, commit and push take a
 * fifth of the time of the plain commands, whose push has to read 1,000 loose files. Best effort: the commit writes what this could not.
 */
async function packContents(run: TreeRun, paths: readonly string[]): Promise<void> {
  const index = inFolder(stateFolder(run.repo.commonDir), `scratch-${run.mark}.index`);
  await git(run, {
    args: ['update-index', '--add', '--remove', '-z', '--stdin'],
    stdin: nulList(paths),
    index,
    // Everything counts as a big file, which goes straight into a pack.
    config: [['core.bigFileThreshold', '1']],
    deadlineMs: run.limits.hookMs + run.limits.perFileMs * paths.length,
  });
  await run.deps.files.remove(index);
}

/** Whether the repository has one of these hooks; git runs only executable ones, which is not checked here. */
export async function hasHooks(run: TreeRun, wanted: readonly string[]): Promise<boolean> {
  const configured = configValue(run.repo.config, 'core.hookspath');
  const folder =
    configured === null
      ? inFolder(run.repo.commonDir, 'hooks')
      : isAbsolute(configured)
        ? configured
        : inFolder(run.repo.tree, configured);
  const names = await run.deps.files.names(folder);
  return names.ok && names.value.some((name) => wanted.includes(name));
}

/** Whether git may run a program over file contents (Git LFS, encryption). */
function hasFilters(config: GitConfig): boolean {
  return [...config.keys()].some((key) => /^filter\..+\.(?:clean|process)$/i.test(key));
}

/** The commit that HEAD points to. */
export async function headOf(run: TreeRun): Answer<string> {
  const head = await git(run, { reads: true, args: ['rev-parse', '--verify', 'HEAD'] });
  if (!head.ok) return head;
  const sha = textOf(head.value).trim();
  return isSha(sha)
    ? ok(sha)
    : fail('corrupt', `HEAD of ${run.repo.tree} names no commit.`, 'Run `git fsck --full`.');
}

function indexLeft(paths: readonly string[], error: AppError): string {
  return `The index still has the old entries of ${someOf(paths)} (${error.message}); \`git reset -- <file>\` settles that.`;
}

function commitTimedOut(run: TreeRun, signs: boolean, hooks: boolean): AppError {
  if (signs && !hooks) {
    return appError(
      'lock-held',
      `The commit in ${run.repo.tree} was not made: signing it waited longer than ${run.limits.signMs / 1000} s, as it does for a passphrase.`,
      'Nothing is lost: unlock the signing key once by hand (`git commit --allow-empty -S`), then sync again. The signature is never left out silently.',
      { details: { cause: 'signing', tree: run.repo.tree } },
    );
  }
  return appError(
    'attention',
    `The commit in ${run.repo.tree} was not made: ${hooks ? 'a git hook' : 'git'} took longer than ${run.limits.hookMs / 1000} s and was stopped.`,
    'Run `git commit` by hand to see what it waits for.',
    // A hanging program of the repository hangs again; a busy disk does not.
    {
      transient: !hooks && !hasFilters(run.repo.config),
      details: { cause: 'deadline', tree: run.repo.tree },
    },
  );
}

function commitDeclined(run: TreeRun, stderr: string, hooks: boolean): AppError {
  const said = stderr.trim().split('\n').slice(-1)[0]?.slice(0, 200) ?? '';
  return appError(
    'attention',
    `The commit in ${run.repo.tree} was not made: ${hooks ? 'a git hook declined it' : 'git declined it'}${said === '' ? '' : ` (${said})`}.`,
    'Settle what it says and sync again; your files are as they were.',
    { details: { cause: 'hook-declined', tree: run.repo.tree, stderr: stderr.slice(0, 4_000) } },
  );
}
