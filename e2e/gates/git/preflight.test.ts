import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, gitTry, mateCommits, onRemote, put, snapshot, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const FIRST = 'session-logs/2026-06-01-mike-first.md';

/** A second branch that conflicts with what main has. */
function conflicting(world: World): void {
  git(world, world.tree, 'switch', '-q', '-c', 'side');
  put(world.tree, { [FIRST]: 'side\n' });
  git(world, world.tree, 'commit', '-q', '-a', '-m', 'side');
  git(world, world.tree, 'switch', '-q', 'main');
  put(world.tree, { [FIRST]: 'main\n' });
  git(world, world.tree, 'commit', '-q', '-a', '-m', 'main');
}

interface Case {
  readonly what: string;
  readonly arrange: (world: World) => void;
  readonly message: RegExp;
  readonly detached?: boolean;
}

const REFUSED: readonly Case[] = [
  {
    what: 'a merge',
    arrange: (world) => void gitTry(world, world.tree, 'merge', 'side'),
    message: /a merge is in progress/,
  },
  {
    what: 'a rebase',
    arrange: (world) => void gitTry(world, world.tree, 'rebase', 'side'),
    message: /a rebase is in progress/,
    detached: true,
  },
  {
    what: 'a cherry-pick',
    arrange: (world) => void gitTry(world, world.tree, 'cherry-pick', 'side'),
    message: /a cherry-pick is in progress/,
  },
  {
    what: 'a revert',
    arrange: (world) => void gitTry(world, world.tree, 'revert', 'side'),
    message: /a revert is in progress/,
  },
  {
    what: 'a patch series',
    arrange: (world) => {
      const patch = git(world, world.tree, 'format-patch', '-1', 'side', '--stdout');
      writeFileSync(join(world.root, 'patch'), `${patch}\n`);
      gitTry(world, world.tree, 'am', '-q', join(world.root, 'patch'));
    },
    message: /a rebase or patch series is in progress/,
  },
  {
    what: 'a bisect',
    arrange: (world) => void git(world, world.tree, 'bisect', 'start', '-q'),
    message: /a bisect is in progress/,
  },
];

describe('refused with one sentence, nothing changed', () => {
  for (const { what, arrange, message, detached } of REFUSED) {
    scenario(
      `while ${what} is in progress`,
      async ({ world, sync }) => {
        conflicting(world);
        arrange(world);
        put(world.tree, { [LOG]: 'x\n' });
        const before = [
          snapshot(world.tree),
          git(world, world.tree, 'for-each-ref'),
          git(world, world.tree, 'status', '--porcelain'),
        ];
        expectProblem(await sync([LOG]), 65, message);
        expect([
          snapshot(world.tree),
          git(world, world.tree, 'for-each-ref'),
          git(world, world.tree, 'status', '--porcelain'),
        ]).toEqual(before);
      },
      { alone: true, detached: detached ?? false },
    );
  }

  scenario(
    'with a detached HEAD',
    async ({ world, sync }) => {
      git(world, world.tree, 'switch', '-q', '--detach');
      put(world.tree, { [LOG]: 'x\n' });
      mateCommits(world, { 'README.md': '# Anna\n' });
      const refs = git(world, world.tree, 'for-each-ref');
      expectProblem(await sync([LOG]), 65, /HEAD is detached/);
      expect(git(world, world.tree, 'for-each-ref')).toBe(refs);
    },
    { detached: true },
  );

  scenario(
    'on a branch without a commit',
    async ({ world, sync }) => {
      git(world, world.tree, 'checkout', '-q', '--orphan', 'fresh');
      put(world.tree, { [LOG]: 'x\n' });
      expectProblem(await sync([LOG]), 65, /its branch fresh has no commit yet/);
    },
    { alone: true },
  );

  scenario('on a branch that was never published', async ({ world, sync }) => {
    git(world, world.tree, 'switch', '-q', '-c', 'private');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /its branch private has no upstream and is not on origin/);
    expect(git(world, world.remote, 'branch', '--list', 'private')).toBe('');
    expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
  });

  scenario('without upstream and with several remotes, none of which is origin', async ({ world, sync }) => {
    git(world, world.tree, 'remote', 'rename', 'origin', 'home');
    git(world, world.tree, 'remote', 'add', 'work', world.remote);
    git(world, world.tree, 'branch', '--unset-upstream');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /no upstream, and there are several remotes \(home, work\)/);
  });

  scenario('when the upstream is another local branch', async ({ world, sync }) => {
    git(world, world.tree, 'branch', 'base');
    git(world, world.tree, 'branch', '-q', '-u', 'base');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /the upstream of its branch main is another local branch/);
  });

  scenario('when the branch is fetched from one place and pushed to another', async ({ world, sync }) => {
    git(world, world.tree, 'remote', 'add', 'fork', world.mate);
    git(world, world.tree, 'config', 'remote.pushDefault', 'fork');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /comes from origin and is pushed to fork/);
  });
});

describe('places that are no work tree', () => {
  scenario('a folder outside any repository', async ({ world, sync }) => {
    const done = await sync([], { request: { workspace: join(world.root, 'home') } });
    expectProblem(done, 78, /not inside a git repository/);
  });

  scenario('a folder that does not exist', async ({ world, sync }) => {
    expectProblem(
      await sync([], { request: { workspace: join(world.root, 'nowhere') } }),
      65,
      /nowhere: the folder does not exist/,
    );
  });

  scenario('the git directory itself', async ({ world, sync }) => {
    expectProblem(
      await sync([], { request: { workspace: join(world.tree, '.git') } }),
      65,
      /no work tree here/,
    );
  });

  scenario('a bare repository', async ({ world, sync }) => {
    expectProblem(await sync([], { request: { workspace: world.remote } }), 65, /no work tree here/);
  });

  scenario('no git program at all', async ({ world, sync }) => {
    mkdirSync(join(world.root, 'empty'));
    expectProblem(
      await sync([], { env: { PATH: join(world.root, 'empty') } }),
      78,
      /git program was not found/,
    );
  });
});

describe('without a remote', () => {
  scenario('the log is committed here, and that is said', async ({ world, sync }) => {
    git(world, world.tree, 'remote', 'remove', 'origin');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expect(done.code).toBe(0);
    expect(done.tree?.state).toBe('local');
    expect(done.text).toContain('Push: none: no remote to push to');
    expect(git(world, world.tree, 'show', `HEAD:${LOG}`)).toBe('x');
  });

  scenario('and nothing to commit, there is nothing to do', async ({ world, sync }) => {
    git(world, world.tree, 'remote', 'remove', 'origin');
    const done = await sync([]);
    expect(done.code).toBe(0);
    expect(done.tree?.state).toBe('nothing');
  });
});

describe('without an upstream', () => {
  scenario('the branch of the same name on the only remote is taken', async ({ world, sync }) => {
    git(world, world.tree, 'branch', '--unset-upstream');
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('also when it was never fetched', async ({ world, sync }) => {
    git(world, world.mate, 'push', '-q', 'origin', 'HEAD:refs/heads/topic');
    git(world, world.tree, 'switch', '-q', '-c', 'topic');
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    expect(onRemote(world, LOG, 'topic')).toBe('x\n');
  });
});
