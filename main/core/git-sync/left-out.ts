import { appError, type AppError } from '../../../shared/app-error.ts';
import { inFolder } from '../files/folder-path.ts';
import { fieldsOf, git, nulList, someOf, textOf, type TreeRun } from './tree-run.ts';

/**
 * Explains why `git status` omitted own paths. Clean or absent ones need no explanation; ignored ones are a warning of the run, for
 * somebody decided so.
 * @param silent paths, relative to the top of the work tree
 * @returns `attention` for what a person must resolve before it can leave this machine; null when there is nothing
 */
export async function whyLeftOut(run: TreeRun, silent: readonly string[]): Promise<AppError | null> {
  if (silent.length === 0) return null;
  const ignored = await git(run, {
    reads: true,
    args: ['check-ignore', '-z', '--stdin'],
    stdin: nulList(silent),
    // 1: none is ignored. 128: one is behind a link or in another repository.
    accept: [1, 128],
  });
  if (ignored.ok && ignored.value.exitCode === 0)
    run.warnings.push(
      `Git ignores ${someOf(fieldsOf(ignored.value))}, so it was not synced; change .gitignore to keep it.`,
    );
  if (ignored.ok && ignored.value.exitCode === 128) return notPartOf(run, ignored.value.stderr);
  const hidden = await hiddenChanges(run, silent);
  return hidden.length === 0 ? null : overlooked(run, hidden);
}

/** Own changed files hidden from git by `update-index --skip-worktree` or `--assume-unchanged`. Best effort. */
async function hiddenChanges(run: TreeRun, silent: readonly string[]): Promise<readonly string[]> {
  const wanted = new Set(silent);
  const listed = await git(run, { reads: true, args: ['ls-files', '-v', '-s', '-z'] });
  if (!listed.ok) return [];
  const staged = new Map<string, string>();
  for (const line of fieldsOf(listed.value)) {
    const [, sha, path] = /^[a-zS] \d{6} ([0-9a-f]+) 0\t([\s\S]+)$/.exec(line) ?? [];
    if (sha !== undefined && path !== undefined && wanted.has(path) && !path.includes('\n')) {
      const facts = await run.deps.files.stat(inFolder(run.repo.tree, path));
      if (facts.ok && facts.value?.kind === 'file') staged.set(path, sha);
    }
  }
  if (staged.size === 0) return [];
  const hashed = await git(run, {
    reads: true,
    args: ['hash-object', '--stdin-paths'],
    stdin: [...staged.keys()].map((path) => `${path}\n`).join(''),
  });
  if (!hashed.ok) return [];
  const shas = textOf(hashed.value).split('\n');
  return [...staged].filter(([, sha], at) => sha !== shas[at]).map(([path]) => path);
}

function notPartOf(run: TreeRun, stderr: string): AppError {
  const { tree } = run.repo;
  const said = stderr
    .trim()
    .replace(/^fatal: /, '')
    .slice(0, 200);
  return appError(
    'attention',
    `What was named is not part of ${tree}, so it was not synced: ${said}.`,
    'Move the file to where git sees it (a real folder of the workspace, not a link), and sync again.',
    { details: { tree } },
  );
}

function overlooked(run: TreeRun, paths: readonly string[]): AppError {
  const { tree } = run.repo;
  return appError(
    'attention',
    `Git was told to overlook changes of ${someOf(paths)} in ${tree}, so they were not synced.`,
    'Take that back with `git update-index --no-skip-worktree -- <file>` and `git update-index --no-assume-unchanged -- <file>`, and sync again.',
    { details: { tree, files: paths } },
  );
}
