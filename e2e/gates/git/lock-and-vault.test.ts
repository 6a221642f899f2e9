import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { nodeLocks } from '../../../main/adapters/lock/node-locks.ts';
import type { ArrivedLogs } from '../../../main/core/git-sync/git-sync-deps.ts';
import type { HeldLock, Locks } from '../../../main/core/ports/lock.ts';
import { appError } from '../../../shared/app-error.ts';
import { err, ok, unwrap } from '../../../shared/result.ts';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, mateCommits, onRemote, put, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';

/** A second repository with its own bare remote, as a vault is. */
function makeVault(world: World): string {
  const bare = join(world.root, 'vault.git');
  const vault = join(world.root, 'vault');
  git(world, world.root, 'init', '-q', '--bare', '--template=', bare);
  git(world, world.root, 'clone', '-q', '--template=', bare, vault);
  put(vault, { 'secrets.enc': 'v1\n' });
  git(world, vault, 'add', '-A');
  git(world, vault, 'commit', '-q', '-m', 'vault');
  git(world, vault, 'push', '-q', 'origin', 'HEAD');
  return vault;
}

const inVault = (world: World, path: string): string =>
  git(world, join(world.root, 'vault.git'), 'show', `main:${path}`);

describe('the lock', () => {
  scenario('that another run holds: deferred, nothing changed', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const held = unwrap(
      await nodeLocks({ who: 'anna' }).acquire({
        path: join(world.tree, '.git/session-log-sync.lock'),
        command: 'git-sync',
        waitMs: 0,
      }),
    );
    const done = await sync([LOG], { request: { waitMs: 30 } });
    expectProblem(done, 75, /anna on .* holds the lock/);
    expect(done.report).toBe(null);
    expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
    await held.release();
    expectSynced(await sync([LOG]));
  });

  scenario('of an older sync script that is running: the same', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n', '.git/claudetools-sync.lock/pid': `${process.ppid}\n` });
    expectProblem(await sync([LOG], { request: { waitMs: 30 } }), 75, /older sync script/);
    expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
    put(world.tree, { '.git/claudetools-sync.lock': null });
    expectSynced(await sync([LOG]));
  });

  for (const [fence, message] of [
    [1, 'before the commit'],
    [2, 'before the push'],
  ] as const) {
    scenario(`that is lost ${message} stops the run there (70)`, async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n' });
      const done = await sync([LOG], { deps: { locks: losing(fence) } });
      expectProblem(done, 70, /no longer ours/);
      expect(git(world, world.tree, 'log', '-1', '--format=%s')).toMatch(
        fence === 1 ? /^seed$/ : /^sync: HAL/,
      );
      expect(onRemote(world, LOG)).toBe(null);
      // Whoever took it carries on from there.
      expect((await sync([LOG])).error).toBe(null);
      expect(onRemote(world, LOG)).toBe('x\n');
    });
  }

  scenario('that is lost before the tree moves leaves the tree', async ({ world, sync }) => {
    mateCommits(world, { 'README.md': '# Anna\n' });
    expectProblem(await sync([], { deps: { locks: losing(1) } }), 70, /no longer ours/);
    expect(readFileSync(join(world.tree, 'README.md'), 'utf8')).toBe('# Team\n');
    expectSynced(await sync([]));
  });
});

/** Real locks of which the n-th fence finds that somebody took them away. */
function losing(at: number): Locks {
  const real = nodeLocks({ who: 'mike' });
  let fences = 0;
  return {
    status: (path) => real.status(path),
    acquire: async (request) => {
      const held = await real.acquire(request);
      if (!held.ok) return held;
      const lock: HeldLock = {
        release: () => held.value.release(),
        fence: async () =>
          ++fences === at
            ? err(appError('lock-lost', `The lock ${request.path} is no longer ours.`, 'Run it again.'))
            : held.value.fence(),
      };
      return ok(lock);
    },
  };
}

describe('the vault', () => {
  scenario('is synced after the workspace, with its own paths', async ({ world, sync }) => {
    const vault = makeVault(world);
    put(world.tree, { [LOG]: 'x\n' });
    put(vault, { 'secrets.enc': 'v2\n', 'not-ours.enc': 'n\n' });
    const done = await sync([LOG, join(vault, 'secrets.enc')], { request: { vault } });
    expectSynced(done);
    expect(done.report?.trees.map(({ role, state }) => [role, state])).toEqual([
      ['workspace', 'synced'],
      ['vault', 'synced'],
    ]);
    expect(inVault(world, 'secrets.enc')).toBe('v2');
    expect(() => inVault(world, 'not-ours.enc')).toThrow(/does not exist|exists on disk/);
    expect(done.text).toMatch(
      /^Workspace: .*\n## Post-commit Summary[\s\S]*\n\nVault: .*\n## Post-commit Summary/,
    );
  });

  scenario(
    'gets what sessions put there when nobody names files of it; a removal is not passed on',
    async ({ world, sync }) => {
      const vault = makeVault(world);
      put(vault, { 'gone.enc': 'v1\n' });
      git(world, vault, 'add', '-A');
      git(world, vault, 'commit', '-q', '-m', 'two');
      git(world, vault, 'push', '-q', 'origin', 'HEAD');
      put(world.tree, { [LOG]: 'x\n' });
      put(vault, { 'secrets.enc': 'v2\n', 'clients/new.enc': 'n\n', 'gone.enc': null });
      const done = await sync([LOG], { request: { vault } });
      expectSynced(done);
      expect([
        inVault(world, 'secrets.enc'),
        inVault(world, 'clients/new.enc'),
        inVault(world, 'gone.enc'),
      ]).toEqual(['v2', 'n', 'v1']);
      expect(done.report?.trees[1]?.warnings.join()).toContain('gone.enc was left alone: it is gone here');
      // shared.txt, the two staged files and the half-written one of other sessions; their log is named.
      expect(done.tree?.leftUncommitted).toBe(4);
      expect(done.text).toContain('Not committed: 4 other changed files');
    },
  );

  scenario('that is being synced by another is deferred; the workspace is done', async ({ world, sync }) => {
    const vault = makeVault(world);
    put(world.tree, { [LOG]: 'x\n' });
    const held = unwrap(
      await nodeLocks({ who: 'anna' }).acquire({
        path: join(vault, '.git/session-log-sync.lock'),
        command: 'git-sync',
        waitMs: 0,
      }),
    );
    const done = await sync([LOG], { request: { vault, waitMs: 30 } });
    await held.release();
    expectProblem(done, 75, /holds the lock/);
    expect(done.report?.trees.map(({ state }) => state)).toEqual(['synced', 'deferred']);
    expect(onRemote(world, LOG)).toBe('x\n');
    expect(done.text).not.toContain('Post-commit Summary');
  });

  scenario('that is not there is said; the workspace is done', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG], { request: { vault: join(world.root, 'no-vault') } });
    expectProblem(done, 65, /the folder does not exist/);
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('that is the workspace itself is not synced twice', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG], { request: { vault: join(world.tree, 'projects') } });
    expectSynced(done);
    expect(done.report?.trees).toHaveLength(1);
  });

  scenario(
    'that is another work tree of the same repository takes the lock after the first',
    async ({ world, sync }) => {
      const vault = join(world.root, 'vault-tree');
      git(world, world.tree, 'worktree', 'add', '-q', '-b', 'vault', vault);
      git(world, vault, 'push', '-q', '-u', 'origin', 'vault');
      put(world.tree, { [LOG]: 'x\n' });
      put(vault, { 's.enc': 's\n' });
      const done = await sync([LOG, join(vault, 's.enc')], { request: { vault } });
      expect(done.report?.trees.map(({ state }) => state)).toEqual(['synced', 'synced']);
      expect(onRemote(world, 's.enc', 'vault')).toBe('s\n');
    },
  );

  scenario(
    'is swept with --all',
    async ({ world, sync }) => {
      const vault = makeVault(world);
      put(vault, { 'new.enc': 'n\n' });
      const done = await sync('all', { request: { vault } });
      expect(done.code).toBe(0);
      expect(inVault(world, 'new.enc')).toBe('n');
    },
    { commits: '*' },
  );
});

describe('notes in logs that arrive', () => {
  const note = 'session-logs/2026-06-06-anna-note.md';

  scenario(
    'are shown to the hook with what changed, and a way to read both sides',
    async ({ world, sync }) => {
      mateCommits(world, {
        [note]: '## Note for mike\nhello\n',
        'README.md': '# no log\n',
        'projects/alpha/session-logs/2026-06-02-mike-alpha.md': '# Alpha\nmore\n',
      });
      const seen: ArrivedLogs[] = [];
      const read: string[] = [];
      const done = await sync([], {
        deps: {
          hooks: {
            collectNotes: async (arrived) => {
              seen.push(arrived);
              for (const at of ['from', 'to'] as const)
                for (const path of arrived.paths)
                  read.push(
                    new TextDecoder().decode(unwrap(await arrived.read(path, at)) ?? new Uint8Array()),
                  );
              return ok([{ text: 'hello' }]);
            },
          },
        },
      });
      expectSynced(done);
      expect(seen.map(({ paths }) => paths)).toEqual([
        ['projects/alpha/session-logs/2026-06-02-mike-alpha.md', note],
      ]);
      expect(read).toEqual(['# Alpha\n', '', '# Alpha\nmore\n', '## Note for mike\nhello\n']);
      expect(done.tree?.notes).toEqual([{ text: 'hello' }]);
    },
  );

  scenario(
    'that the hook cannot take are a warning, and are shown by the next run',
    async ({ world, sync }) => {
      mateCommits(world, { [note]: 'x\n' });
      const failed = await sync([], {
        deps: { hooks: { collectNotes: () => Promise.resolve(err(appError('io', 'no disk.', 'x'))) } },
      });
      expectSynced(failed);
      expect(failed.tree?.warnings.join()).toContain('Notes could not be collected: no disk.');
      const seen: string[] = [];
      const next = await sync([], {
        deps: {
          hooks: { collectNotes: (arrived) => Promise.resolve(ok(seen.push(...arrived.paths) ? [] : [])) },
        },
      });
      expect(next.error).toBe(null);
      expect(seen).toEqual([note]);
    },
  );

  scenario(
    'that a killed run owed are shown by the next',
    async ({ world, sync }) => {
      const from = git(world, world.tree, 'rev-parse', 'HEAD');
      const to = mateCommits(world, { [note]: 'x\n' });
      git(world, world.tree, 'pull', '-q', '--rebase', '--autostash');
      const header = {
        v: 1,
        mark: 'deadbeef',
        tree: world.tree,
        gitDir: join(world.tree, '.git'),
        branch: null,
      };
      put(world.tree, {
        '.git/session-log/journal.jsonl': `${JSON.stringify(header)}\n${JSON.stringify({ owed: [{ from, to }] })}\n`,
      });
      const seen: string[] = [];
      const done = await sync([], {
        deps: {
          hooks: { collectNotes: (arrived) => Promise.resolve(ok(seen.push(...arrived.paths) ? [] : [])) },
        },
      });
      expect(done.error).toBe(null);
      expect(seen).toEqual([note]);
    },
    { alone: true },
  );

  scenario('come once, though the tree could not follow twice', async ({ world, sync }) => {
    mateCommits(world, { [note]: 'x\n', 'shared.txt': 'changed\n' });
    const seen: string[] = [];
    const deps = {
      hooks: {
        collectNotes: (arrived: ArrivedLogs) => Promise.resolve(ok(seen.push(...arrived.paths) ? [] : [])),
      },
    };
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG], { deps }));
    put(world.tree, { 'session-logs/2.md': 'x\n' });
    expectSynced(await sync(['session-logs/2.md'], { deps }));
    expect(seen).toEqual([note]);
  });
});
