import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, unwrap, type Result } from '../../shared/result.ts';
import type { AppError } from '../../shared/app-error.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import type { ArrivedLogs } from '../core/git-sync/git-sync-deps.ts';
import { lookForNotes } from '../core/git-sync/look-for-notes.ts';
import type { TreeReport } from '../core/git-sync/report.ts';
import { LOCK_NAME } from '../core/ports/lock.ts';
import { openGitTools } from './git-tools.ts';

let root: string;
let tree: string;
let other: string;
let arrived: string[];
/** Who committed what arrived. */
let committers: (string | undefined)[];

function git(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const settings = ['user.name=Mike', 'user.email=mike@example.com', 'init.defaultBranch=main'];
  return execFileSync('git', [...settings.flatMap((one) => ['-c', one]), ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function commit(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  git(folder, 'add', path);
  git(folder, 'commit', '-q', '-m', `Add ${path}`);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'look-for-notes-'));
  [tree, other] = [join(root, 'tree'), join(root, 'other')];
  [arrived, committers] = [[], []];
  git(root, 'init', '-q', '--bare', 'remote.git');
  git(root, 'clone', '-q', 'remote.git', tree);
  commit(tree, 'README.md', '# Team\n');
  git(tree, 'push', '-q', '-u', 'origin', 'HEAD');
  git(root, 'clone', '-q', 'remote.git', other);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Looks once; the logs that arrived are noted with their text. */
async function look(
  hook: Result<readonly unknown[], AppError> = ok(['note']),
): Promise<Result<TreeReport, AppError>> {
  const tools = openGitTools();
  return lookForNotes(
    {
      ...tools,
      files: createNodeFiles(),
      clock: createNodeClock(),
      random: createNodeRandom(),
      hooks: {
        collectNotes: async (logs: ArrivedLogs) => {
          for (const path of logs.paths) {
            const bytes = unwrap(await logs.read(path, 'to'));
            committers.push((await logs.commitOf(path))?.author);
            arrived.push(`${path}: ${new TextDecoder().decode(bytes ?? new Uint8Array())}`);
          }
          return hook;
        },
      },
    },
    {
      workspace: tree,
      own: [],
      identity: { name: 'Hal', email: '', user: 'hal', machine: '', host: 'h' },
      waitMs: 0,
    },
  );
}

/** Everything of a person's that must stay as it is: refs, HEAD, the index byte for byte, what git says of the tree. */
function untouched(): string {
  const refs = git(
    tree,
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  );
  const index = readFileSync(join(tree, '.git', 'index')).toString('base64');
  const head = readFileSync(join(tree, '.git', 'HEAD'), 'utf8');
  return [refs, head, index, git(tree, '--no-optional-locks', 'status', '--porcelain')].join('\n');
}

describe('a look for notes', () => {
  it('reads the logs that colleagues have pushed and touches nothing of the work tree', async () => {
    writeFileSync(join(tree, 'README.md'), '# Team, being edited\n');
    writeFileSync(join(tree, 'staged.txt'), 'staged');
    git(tree, 'add', 'staged.txt');
    commit(other, 'session-logs/2026-01-06-mike-build.md', 'The build is red.');
    git(other, 'push', '-q');
    const before = untouched();
    const report = unwrap(await look());
    expect(report).toMatchObject({
      state: 'synced',
      branch: 'main',
      notes: ['note'],
      problem: null,
      commit: null,
    });
    expect(arrived).toEqual(['session-logs/2026-01-06-mike-build.md: The build is red.']);
    expect(untouched()).toBe(before);
  });

  it('knows who committed a log, whoever it says wrote it, by the last commit that changed it', async () => {
    const pushedBy = (name: string, path: string, text: string): void => {
      commit(other, path, text);
      git(other, 'commit', '-q', '--amend', '--no-edit', '--author', `${name} <x@example.com>`);
      git(other, 'push', '-q');
    };
    pushedBy('Howard Enos', 'session-logs/2026-01-06-howard-one.md', 'One');
    pushedBy('Eve', 'session-logs/[a-z]*.md', 'Like a pattern');
    pushedBy('Eve', 'session-logs/2026-01-06-howard-one.md', 'One, changed');
    pushedBy('Howard Enos', 'session-logs/2026-01-06-howard-two.md', 'Two');
    unwrap(await look());
    expect(Object.fromEntries(arrived.map((log, at) => [log.split(': ')[1], committers[at]]))).toEqual({
      'One, changed': 'Eve',
      'Like a pattern': 'Eve',
      Two: 'Howard Enos',
    });
  });

  it('shows each log once, and what came since', async () => {
    commit(other, 'session-logs/2026-01-06-mike-one.md', 'One');
    git(other, 'push', '-q');
    unwrap(await look());
    expect(unwrap(await look()).state).toBe('nothing');
    commit(other, 'session-logs/2026-01-07-mike-two.md', 'Two');
    git(other, 'push', '-q');
    unwrap(await look());
    expect(arrived.map((one) => one.split(': ')[1])).toEqual(['One', 'Two']);
  });

  it('does not bring what the person has pulled, nor own logs that were pushed', async () => {
    commit(other, 'session-logs/2026-01-06-mike-one.md', 'One');
    git(other, 'push', '-q');
    git(tree, 'pull', '-q', '--rebase');
    commit(tree, 'session-logs/2026-01-06-hal-own.md', 'Own');
    git(tree, 'push', '-q');
    expect(unwrap(await look()).state).toBe('nothing');
    expect(arrived).toEqual([]);
  });

  it('shows again what could not be collected', async () => {
    commit(other, 'session-logs/2026-01-06-mike-one.md', 'One');
    git(other, 'push', '-q');
    const failed = unwrap(
      await look({ ok: false, error: { code: 'io', message: 'No.', remedy: 'Wait.' } as never }),
    );
    expect(failed.warnings).toHaveLength(1);
    unwrap(await look());
    expect(arrived).toHaveLength(2);
  });

  it('follows a history that was rewritten, and does nothing on a detached HEAD', async () => {
    commit(other, 'session-logs/2026-01-06-mike-one.md', 'One');
    git(other, 'push', '-q');
    unwrap(await look());
    git(other, 'commit', '-q', '--amend', '-m', 'Reworded');
    commit(other, 'session-logs/2026-01-07-mike-two.md', 'Two');
    git(other, 'push', '-q', '--force');
    const before = untouched();
    expect(unwrap(await look()).problem).toBeNull();
    expect(arrived.at(-1)).toContain('Two');
    expect(untouched()).toBe(before);
    git(tree, 'checkout', '-q', '--detach');
    expect(unwrap(await look())).toMatchObject({ state: 'nothing', problem: null });
  });

  it('is deferred at once by whoever holds the lock, and says when the remote is gone', async () => {
    const { locks } = openGitTools();
    const path = join(tree, '.git', LOCK_NAME);
    const lock = unwrap(await locks.acquire({ path, command: 'somebody else', waitMs: 0 }));
    expect(await look()).toMatchObject({ ok: false, error: { code: 'lock-held' } });
    await lock.release();
    rmSync(join(root, 'remote.git'), { recursive: true });
    const gone = unwrap(await look());
    expect(gone.problem).not.toBeNull();
    expect(gone.commit).toBeNull();
  });
});
