import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { nodeLocks } from '../../../main/adapters/lock/node-locks.ts';
import { unwrap } from '../../../shared/result.ts';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, IDENTITY, mateCommits, onRemote, put } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';

describe('where a work tree can be', () => {
  scenario('named by a folder inside it', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG], { request: { workspace: join(world.tree, 'projects/alpha') } }));
  });

  scenario('a linked work tree shares the lock and has its own branch', async ({ world, sync }) => {
    const linked = join(world.root, 'linked');
    git(world, world.tree, 'worktree', 'add', '-q', '-b', 'side', linked);
    git(world, linked, 'push', '-q', '-u', 'origin', 'side');
    put(linked, { [LOG]: 'x\n' });
    const done = await sync([LOG], { request: { workspace: linked } });
    expectSynced(done);
    expect(onRemote(world, LOG, 'side')).toBe('x\n');
    expect(onRemote(world, LOG)).toBe(null);
    expect(existsSync(join(world.tree, LOG))).toBe(false);
    const held = unwrap(
      await nodeLocks({ who: 'x' }).acquire({
        path: join(world.tree, '.git/session-log-sync.lock'),
        command: 'other',
        waitMs: 0,
      }),
    );
    expectProblem(await sync([LOG], { request: { workspace: linked, waitMs: 0 } }), 75, /holds the lock/);
    await held.release();
  });

  scenario('a linked work tree that is behind and diverged', async ({ world, sync }) => {
    const linked = join(world.root, 'linked');
    git(world, world.tree, 'worktree', 'add', '-q', '-b', 'side', linked);
    git(world, linked, 'push', '-q', '-u', 'origin', 'side');
    git(world, world.mate, 'fetch', '-q');
    git(world, world.mate, 'switch', '-q', 'side');
    put(world.mate, { 'README.md': '# Anna\n' });
    git(world, world.mate, 'commit', '-q', '-a', '-m', 'from anna');
    git(world, world.mate, 'push', '-q');
    put(linked, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG], { request: { workspace: linked } }));
    expect(readFileSync(join(linked, 'README.md'), 'utf8')).toBe('# Anna\n');
  });

  scenario('a work tree of a bare repository, which fetches into no ref', async ({ world, sync }) => {
    const bare = join(world.root, 'bare.git');
    const linked = join(world.root, 'linked');
    git(world, world.root, 'clone', '-q', '--bare', '--template=', world.remote, bare);
    git(world, bare, 'worktree', 'add', '-q', linked, 'main');
    mateCommits(world, { 'README.md': '# Anna\n' });
    put(linked, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG], { request: { workspace: linked } }));
    expect(onRemote(world, LOG)).toBe('x\n');
    expect(readFileSync(join(linked, 'README.md'), 'utf8')).toBe('# Anna\n');
    expect((await sync([LOG], { request: { workspace: linked } })).tree?.state).toBe('nothing');
  });

  scenario('a repository whose git directory is elsewhere', async ({ world, sync }) => {
    const clone = join(world.root, 'apart');
    git(
      world,
      world.root,
      'clone',
      '-q',
      '--separate-git-dir',
      join(world.root, 'apart-git'),
      world.remote,
      clone,
    );
    mateCommits(world, { 'README.md': '# Anna\n' });
    put(clone, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG], { request: { workspace: clone } }));
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario(
    'a submodule with a branch checked out',
    async ({ world, sync }) => {
      const sub = join(world.tree, 'sub');
      git(
        world,
        world.tree,
        '-c',
        'protocol.file.allow=always',
        'submodule',
        'add',
        '-q',
        world.remote,
        'sub',
      );
      mateCommits(world, { 'README.md': '# Anna\n' });
      put(sub, { [LOG]: 'x\n' });
      expectSynced(await sync([LOG], { request: { workspace: sub } }));
      expect(onRemote(world, LOG)).toBe('x\n');
      expect(readFileSync(join(sub, 'README.md'), 'utf8')).toBe('# Anna\n');
    },
    { commits: ['sub', '.gitmodules'] },
  );

  scenario(
    "another session's submodule is not moved, and its new commit not taken",
    async ({ world, sync }) => {
      const sub = join(world.tree, 'sub');
      git(world, world.tree, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', world.mate, 'sub');
      git(world, world.tree, 'commit', '-q', '-m', 'sub by hand', '--', 'sub', '.gitmodules');
      put(sub, { 'x.txt': 'x\n' });
      git(world, sub, 'add', '-A');
      git(world, sub, 'commit', '-q', '-m', 'inside');
      const pointer = git(world, world.tree, 'ls-files', '-s', 'sub');
      put(world.tree, { [LOG]: 'x\n' });
      mateCommits(world, { 'README.md': '# Anna\n' });
      expectSynced(await sync([LOG, 'sub']));
      expect(git(world, world.tree, 'ls-files', '-s', 'sub')).toBe(pointer);
      expect(git(world, world.remote, 'ls-tree', 'main', 'sub')).toContain(pointer.split(' ')[1]);
    },
  );
});

describe('who commits', () => {
  scenario("git's own name and address follow identity.json, in submodules too", async ({ world, sync }) => {
    git(world, world.tree, 'config', 'user.name', 'root');
    git(world, world.tree, 'config', 'user.email', 'root@box');
    const add = (name: string): unknown =>
      git(
        world,
        world.tree,
        '-c',
        'protocol.file.allow=always',
        'submodule',
        'add',
        '-q',
        '--name',
        name,
        world.mate,
        name,
      );
    add('one');
    add('deep/two');
    git(world, join(world.tree, 'one'), 'config', 'user.email', 'system@box');
    git(world, world.tree, 'commit', '-q', '-m', 'subs by hand', '--', 'one', 'deep/two', '.gitmodules');
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    for (const folder of ['.', 'one', 'deep/two']) {
      expect(git(world, join(world.tree, folder), 'config', '--local', 'user.name')).toBe(IDENTITY.name);
      expect(git(world, join(world.tree, folder), 'config', '--local', 'user.email')).toBe(IDENTITY.email);
    }
    // And a run that finds it so writes nothing.
    const config = readFileSync(join(world.tree, '.git/config'), 'utf8');
    await sync([]);
    expect(readFileSync(join(world.tree, '.git/config'), 'utf8')).toBe(config);
  });

  scenario('author.name and the environment cannot change it', async ({ world, sync }) => {
    git(world, world.tree, 'config', 'author.name', 'Somebody Else');
    git(world, world.tree, 'config', 'committer.email', 'else@example.com');
    put(world.tree, { [LOG]: 'x\n' });
    mateCommits(world, { 'README.md': '# Anna\n' });
    expectSynced(
      await sync([LOG], { env: { GIT_AUTHOR_NAME: 'Env', GIT_COMMITTER_EMAIL: 'env@example.com' } }),
    );
    expect(git(world, world.remote, 'log', '-1', '--format=%an <%ae>|%cn <%ce>', 'main')).toBe(
      'Mike Swanson <mike@example.com>|Mike Swanson <mike@example.com>',
    );
  });

  scenario('without an address the one of the repository stays', async ({ world, sync }) => {
    git(world, world.tree, 'config', 'user.email', 'kept@example.com');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG], { request: { identity: { ...IDENTITY, email: '' } } });
    expectSynced(done);
    expect(done.tree?.commit?.author).toBe('Mike Swanson <kept@example.com>');
    expect(git(world, world.remote, 'log', '-1', '--format=%ae', 'main')).toBe('kept@example.com');
  });

  for (const [what, identity] of [
    ['a line break in the name', { name: 'Mike\nAuthor: Anna' }],
    ['an angle bracket in the address', { email: 'mike@x> <anna@x' }],
    ['no name', { name: ' ' }],
    ['a line break in the host', { host: 'HAL\nMachine: OTHER' }],
  ] as const) {
    scenario(`${what} is refused before anything`, async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n' });
      expectProblem(
        await sync([LOG], { request: { identity: { ...IDENTITY, ...identity } } }),
        64,
        /cannot stand in a commit/,
      );
      expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
    });
  }

  scenario(
    'a caller inside a git hook (GIT_DIR, GIT_INDEX_FILE, GIT_WORK_TREE set) changes nothing',
    async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n' });
      const mate = git(world, world.mate, 'rev-parse', 'HEAD');
      expectSynced(
        await sync([LOG], {
          env: {
            GIT_DIR: join(world.mate, '.git'),
            GIT_WORK_TREE: world.mate,
            GIT_INDEX_FILE: join(world.mate, '.git/index'),
            GIT_OBJECT_DIRECTORY: '/nowhere',
            GIT_CONFIG_PARAMETERS: "'core.bare'='true'",
            GIT_TRACE: join(world.root, 'trace'),
            GIT_TRACE_CURL: '1',
          },
        }),
      );
      expect(git(world, world.mate, 'rev-parse', 'HEAD')).toBe(mate);
      expect(existsSync(join(world.root, 'trace'))).toBe(false);
    },
  );
});

describe('repositories that resist', () => {
  scenario('git directory that may not be written', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    chmodSync(join(world.tree, '.git'), 0o500);
    try {
      const done = await sync([LOG]);
      // The superuser may write anywhere.
      if (process.getuid?.() === 0) expectSynced(done);
      else expectProblem(done, 77, /./);
    } finally {
      chmodSync(join(world.tree, '.git'), 0o700);
    }
  });

  scenario(
    'a damaged index is reported, and the files stay',
    async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n' });
      const index = readFileSync(join(world.tree, '.git/index'));
      put(world.tree, { '.git/index': 'DIRC not an index' });
      expectProblem(await sync([LOG]), 65, /the repository is damaged/);
      put(world.tree, { '.git/index': index });
      expectSynced(await sync([LOG]));
    },
    { alone: true },
  );
});
