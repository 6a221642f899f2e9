import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { LOCK_NAME, OLDER_LOCK_NAMES, type HeldLock } from '../ports/lock.ts';
import type { GitCall } from '../ports/git.ts';
import type { TrackedLog } from './collect-sources.ts';
import type { Manifest } from './manifest.ts';
import type { MigrateDeps } from './migrate.ts';
import { plural } from '../../../shared/format/amount.ts';

export interface TreeChange {
  /** Top of the work tree, absolute. */
  readonly tree: string;
  readonly commonDir: string;
  readonly head: string;
}

const WRITE_MS = 120_000;
const WAIT_MS = 120_000;
const MARK = '# session logs live outside git (session-log migrate)';
const text = new TextDecoder();

/**
 * Removes logs from git in a separate commit: ignore rules and `git rm --cached`. The files stay in the work tree, and other staged or
 * dirty files stay as they are, because the commit is built in a scratch index from HEAD.
 */
export function untrackLogs(
  deps: MigrateDeps,
  request: TreeChange & { readonly paths: readonly TrackedLog[]; readonly folders: readonly string[] },
): Answer<Manifest['untracked']> {
  return underLock(deps, request, 'migrate', async (lock) => {
    const rules = request.folders.map((folder) => `/${folder}/`);
    const ignored = await headFile(deps, request.tree, '.gitignore');
    if (!ignored.ok) return ignored;
    const missing = rules.filter((rule) => !ignored.value.split(/\r?\n/).includes(rule));
    const addition =
      missing.length === 0
        ? ''
        : `${ignored.value === '' || ignored.value.endsWith('\n') ? '' : '\n'}${MARK}\n${missing.join('\n')}\n`;
    const edits: IndexEdit[] = request.paths.map(({ path }) => ({ path, mode: '0', blob: '0'.repeat(40) }));
    if (addition !== '') edits.push({ path: '.gitignore', content: ignored.value + addition });
    const commit = await commitEdits(
      deps,
      request,
      edits,
      `Keep session logs outside git\n\nCopied to the machine's own log folder: ${plural(request.paths.length, 'log')}.`,
      lock,
    );
    if (!commit.ok) return commit;
    if (addition !== '') {
      const appended = await deps.files.append(
        `${request.tree}/.gitignore`,
        new TextEncoder().encode(addition),
        { sync: true, mode: 0o644 },
      );
      if (!appended.ok) return appended;
    }
    return ok({ commit: commit.value, paths: request.paths, ignored: missing });
  });
}

/** Reverts {@link untrackLogs} by a commit that tracks the logs again, without the ignore rules it added. */
export function retrackLogs(
  deps: MigrateDeps,
  request: TreeChange & { readonly untracked: NonNullable<Manifest['untracked']> },
): Answer<string> {
  return underLock(deps, request, 'migrate --undo', async (lock) => {
    const { paths, ignored } = request.untracked;
    const now = await headFile(deps, request.tree, '.gitignore');
    if (!now.ok) return now;
    const edits: IndexEdit[] = [...paths];
    if (ignored.length > 0) edits.push({ path: '.gitignore', content: withoutRules(now.value, ignored) });
    const commit = await commitEdits(
      deps,
      request,
      edits,
      'Track session logs in git again\n\nUndoes the migration of the session logs.',
      lock,
    );
    if (!commit.ok) return commit;
    const onDisk = await deps.files.read(`${request.tree}/.gitignore`);
    if (!onDisk.ok) return onDisk;
    if (onDisk.value !== null && ignored.length > 0) {
      const written = await deps.files.replace(
        `${request.tree}/.gitignore`,
        new TextEncoder().encode(withoutRules(text.decode(onDisk.value), ignored)),
        { mode: 0o644 },
      );
      if (!written.ok) return written;
    }
    return commit;
  });
}

type IndexEdit =
  | { readonly path: string; readonly mode: string; readonly blob: string }
  | { readonly path: string; readonly content: string };

async function commitEdits(
  deps: MigrateDeps,
  request: TreeChange,
  edits: readonly IndexEdit[],
  message: string,
  lock: HeldLock,
): Answer<string> {
  const scratch = `${request.commonDir}/session-log-migrate-${deps.random.hex(8)}.index`;
  const call = (args: readonly string[], more: Partial<GitCall> = {}): GitCall => ({
    cwd: request.tree,
    args,
    deadlineMs: WRITE_MS,
    ...more,
  });
  const lines: string[] = [];
  for (const edit of edits) {
    if ('blob' in edit) lines.push(`${edit.mode} ${edit.blob}\t${edit.path}`);
    else {
      const blob = await deps.git.run(call(['hash-object', '-w', '--stdin'], { stdin: edit.content }));
      if (!blob.ok) return blob;
      lines.push(`100644 ${text.decode(blob.value.stdout).trim()}\t${edit.path}`);
    }
  }
  const stdin = `${lines.join('\0')}\0`;
  try {
    for (const step of [
      call(['read-tree', request.head], { index: scratch }),
      call(['update-index', '-z', '--index-info'], { index: scratch, stdin }),
    ]) {
      const done = await deps.git.run(step);
      if (!done.ok) return done;
    }
    const tree = await deps.git.run(call(['write-tree'], { index: scratch }));
    if (!tree.ok) return tree;
    const commit = await deps.git.run(
      call(['commit-tree', text.decode(tree.value.stdout).trim(), '-p', request.head, '-F', '-'], {
        stdin: message,
      }),
    );
    if (!commit.ok) return commit;
    const sha = text.decode(commit.value.stdout).trim();
    const mine = await lock.fence();
    if (!mine.ok) return mine;
    // Fails when somebody committed meanwhile: then nothing has happened.
    const moved = await deps.git.run(
      call(['update-ref', '-m', 'session-log: migrate', 'HEAD', sha, request.head]),
    );
    if (!moved.ok) return moved;
    const staged = await deps.git.run(call(['update-index', '-z', '--index-info'], { stdin }));
    return staged.ok ? ok(sha) : staged;
  } finally {
    await deps.files.remove(scratch);
  }
}

async function underLock<T>(
  deps: MigrateDeps,
  request: TreeChange,
  command: string,
  run: (lock: HeldLock) => Answer<T>,
): Answer<T> {
  const lock = await deps.locks.acquire({
    path: `${request.commonDir}/${LOCK_NAME}`,
    alsoHonour: OLDER_LOCK_NAMES.map((name) => `${request.commonDir}/${name}`),
    command,
    waitMs: WAIT_MS,
  });
  if (!lock.ok) return lock;
  try {
    const head = await deps.git.run({
      cwd: request.tree,
      args: ['rev-parse', 'HEAD'],
      reads: true,
      deadlineMs: WRITE_MS,
    });
    if (!head.ok) return head;
    if (text.decode(head.value.stdout).trim() !== request.head)
      return fail(
        'attention',
        'Somebody committed while the logs were copied.',
        'Run the migration again; what is copied stays.',
      );
    return await run(lock.value);
  } finally {
    await lock.value.release();
  }
}

async function headFile(deps: MigrateDeps, tree: string, path: string): Answer<string> {
  const shown = await deps.git.run({
    cwd: tree,
    args: ['cat-file', 'blob', `HEAD:${path}`],
    reads: true,
    deadlineMs: WRITE_MS,
    accept: [128],
  });
  if (!shown.ok) return shown;
  return ok(shown.value.exitCode === 0 ? text.decode(shown.value.stdout) : '');
}

function withoutRules(content: string, rules: readonly string[]): string {
  return content
    .split('\n')
    .filter((line) => line !== MARK && !rules.includes(line.replace(/\r$/, '')))
    .join('\n');
}
