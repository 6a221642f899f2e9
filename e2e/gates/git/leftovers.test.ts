import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import type { Git } from '../../../main/core/ports/git.ts';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, gitTry, mateCommits, onRemote, put, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const NEXT = 'session-logs/2026-06-07-mike-next.md';

/** Leaves the journal of a run that was killed in a step. */
function leaveJournal(
  world: World,
  step: Record<string, unknown>,
  place: Partial<{ tree: string; gitDir: string }> = {},
): void {
  const header = {
    v: 1,
    mark: 'deadbeefdeadbeef',
    tree: world.tree,
    gitDir: join(world.tree, '.git'),
    branch: null,
    ...place,
  };
  put(world.tree, {
    '.git/session-log/journal.jsonl': `${JSON.stringify(header)}\n${JSON.stringify(step)}\n`,
  });
}

describe('what killed runs leave', () => {
  for (const lock of [
    'index.lock',
    'HEAD.lock',
    'refs/heads/main.lock',
    'packed-refs.lock',
    'next-index-4711.lock',
    'refs/remotes/origin/main.lock',
    'config.lock',
    'shallow.lock',
  ]) {
    scenario(`our own ${lock} is removed`, async ({ world, sync }) => {
      leaveJournal(world, { step: 'commit', paths: [LOG] });
      put(world.tree, { [`.git/${lock}`]: '' });
      put(world.tree, { [LOG]: 'x\n' });
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\n');
    });
  }

  scenario(
    'what a killed run was committing is committed by the next, whoever runs it',
    async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n', [NEXT]: 'y\n' });
      git(world, world.tree, 'add', '-N', LOG);
      leaveJournal(world, { step: 'commit', paths: [LOG] });
      expectSynced(await sync([NEXT]));
      expect([onRemote(world, LOG), onRemote(world, NEXT)]).toEqual(['x\n', 'y\n']);
    },
    { commits: [LOG] },
  );

  scenario(
    'a commit that was killed before it wrote the index: nobody deletes the log by accident',
    async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n' });
      const index = readFileSync(join(world.tree, '.git/index'));
      git(world, world.tree, 'add', '-N', LOG);
      git(world, world.tree, 'commit', '-q', '-m', 'sync: HAL killed', '--only', '--', LOG);
      writeFileSync(join(world.tree, '.git/index'), index);
      writeFileSync(join(world.tree, '.git/index.lock'), '');
      leaveJournal(world, { step: 'commit', paths: [LOG] });
      put(world.tree, { '.git/index.lock': '' });
      expect((await sync([])).error).toBe(null);
      expect(onRemote(world, LOG)).toBe('x\n');
      expect(git(world, world.tree, 'status', '--porcelain', '--', LOG)).toBe('');
    },
    { commits: [LOG] },
  );

  scenario('half-made private work trees are removed, which git itself cannot', async ({ world, sync }) => {
    const path = join(world.tree, '.git/session-log/sl-aaaaaaaaaaaaaaaa');
    git(world, world.tree, 'worktree', 'add', '-q', '--detach', path);
    writeFileSync(join(world.tree, '.git/worktrees/sl-aaaaaaaaaaaaaaaa/locked'), 'initializing');
    for (const [name, file] of [
      ['sl-bbbbbbbbbbbbbbbb', null],
      ['sl-cccccccccccccccc', 'locked'],
      ['sl-dddddddddddddddd', 'gitdir'],
    ] as const) {
      mkdirSync(join(world.tree, '.git/worktrees', name), { recursive: true });
      if (file)
        writeFileSync(
          join(world.tree, '.git/worktrees', name, file),
          file === 'gitdir' ? '' : 'initializing',
        );
    }
    mkdirSync(join(world.tree, '.git/session-log/sl-eeeeeeeeeeeeeeee'));
    put(world.tree, {
      [LOG]: 'x\n',
      '.git/session-log/scratch-abcd.index': 'x',
      '.git/session-log/scratch-abcd.index.lock': 'x',
    });
    mateCommits(world, { 'README.md': '# Anna\n' });
    expectSynced(await sync([LOG]));
    expect(git(world, world.tree, 'worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(existsSync(join(world.tree, '.git/worktrees'))).toBe(false);
  });

  scenario(
    "a person's own work trees stay, also one on a disk that is not there",
    async ({ world, sync }) => {
      git(world, world.tree, 'worktree', 'add', '-q', '-b', 'one', join(world.root, 'one'));
      git(world, world.tree, 'worktree', 'add', '-q', '-b', 'two', join(world.root, 'two'));
      rmSync(join(world.root, 'two'), { recursive: true });
      put(world.tree, { [LOG]: 'x\n' });
      mateCommits(world, { 'README.md': '# Anna\n' });
      expectSynced(await sync([LOG]));
      expect(readdirSync(join(world.tree, '.git/worktrees')).sort()).toEqual(['one', 'two']);
    },
  );

  for (const [what, content] of [
    ['empty', ''],
    ['torn', '{"v":1,"mark":"dead'],
    ['of another kind', '[]\n42\n'],
    [
      'cut after its header',
      '{"v":1,"mark":"deadbeef","tree":"/nowhere","gitDir":"/nowhere/.git"}\n{"step":"mo',
    ],
  ] as const) {
    scenario(`a journal that is ${what} stops nothing`, async ({ world, sync }) => {
      put(world.tree, { '.git/session-log/journal.jsonl': content, [LOG]: 'x\n' });
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\n');
    });
  }

  scenario(
    'a move killed half-way is finished: files done, files not begun, one cut short',
    async ({ world, sync }) => {
      const old = git(world, world.tree, 'rev-parse', 'HEAD');
      const long = 'a long line of a long file\n'.repeat(500);
      const next = mateCommits(world, {
        'README.md': '# Anna\n',
        'new/done.txt': 'done\n',
        'new/cut.txt': long,
        'new/missing.txt': 'missing\n',
        'data.bin': Buffer.from([7, 0, 7]),
        'folder/inner.txt': null,
        thing: null,
        'thing/now.txt': 'folder\n',
      });
      git(world, world.tree, 'fetch', '-q');
      put(world.tree, {
        'README.md': '# Anna\n',
        'new/done.txt': 'done\n',
        'new/cut.txt': long.slice(0, 4096),
        'folder/inner.txt': null,
        thing: null,
      });
      put(world.tree, { 'thing/now.txt': 'folder\n' });
      leaveJournal(world, { step: 'move', old, new: next });
      put(world.tree, { '.git/index.lock': 'half an index' });
      const done = await sync([]);
      expect(done.error).toBe(null);
      expect(git(world, world.tree, 'rev-parse', 'HEAD')).toBe(next);
      expect(readFileSync(join(world.tree, 'new/cut.txt'), 'utf8')).toBe(long);
      expect(
        git(
          world,
          world.tree,
          'diff',
          '--stat',
          'HEAD',
          '--',
          'new',
          'thing',
          'folder',
          'README.md',
          'data.bin',
        ),
      ).toBe('');
      expect(done.tree?.warnings.join()).toContain('new/cut.txt was cut short');
    },
  );

  scenario(
    'a move killed half-way in which a person has edited since: the edit stays',
    async ({ world, sync }) => {
      const old = git(world, world.tree, 'rev-parse', 'HEAD');
      const next = mateCommits(world, { 'README.md': '# Anna\n', 'new.txt': 'new\n' });
      git(world, world.tree, 'fetch', '-q');
      put(world.tree, { 'README.md': '# edited by a person since\n', 'new.txt': 'new\n' });
      leaveJournal(world, { step: 'move', old, new: next });
      const done = await sync([]);
      expect(done.tree?.warnings.join()).toContain('README.md is being changed here');
      expect(readFileSync(join(world.tree, 'README.md'), 'utf8')).toBe('# edited by a person since\n');
      expect(git(world, world.tree, 'rev-parse', 'HEAD')).toBe(old);
    },
  );

  scenario('a move killed between files and branch is finished', async ({ world, sync }) => {
    const old = git(world, world.tree, 'rev-parse', 'HEAD');
    const next = mateCommits(world, { 'README.md': '# Anna\n', 'new.txt': 'new\n' });
    git(world, world.tree, 'fetch', '-q');
    // The copied tree's index holds the times of the template.
    gitTry(world, world.tree, 'update-index', '-q', '--refresh');
    git(world, world.tree, 'read-tree', '-m', '-u', old, next);
    leaveJournal(world, { step: 'move', old, new: next });
    expect((await sync([])).error).toBe(null);
    expect(git(world, world.tree, 'rev-parse', 'HEAD')).toBe(next);
  });

  scenario('the journal of a linked work tree that is gone is let go', async ({ world, sync }) => {
    leaveJournal(
      world,
      { step: 'commit', paths: ['x'] },
      { tree: join(world.root, 'gone'), gitDir: join(world.tree, '.git/worktrees/gone') },
    );
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
  });

  scenario('a git that outlived its killed run is ended before anything else', async ({ world, sync }) => {
    const orphan = spawn('git', ['-c', 'session-log.run=deadbeefdeadbeef', 'cat-file', '--batch'], {
      cwd: world.tree,
      env: world.env,
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = once(orphan, 'exit');
    leaveJournal(world, { step: 'fetch' });
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    const [, signal] = (await ended) as [number | null, string | null];
    expect(signal).toBe('SIGTERM');
  });
});

describe('lock files of other git programs', () => {
  for (const lock of ['index.lock', 'refs/heads/main.lock', 'HEAD.lock']) {
    scenario(
      `a foreign ${lock} is waited for, then the sync is deferred, and the file stays`,
      async ({ world, sync }) => {
        put(world.tree, { [`.git/${lock}`]: '', [LOG]: 'x\n' });
        const done = await sync([LOG]);
        expectProblem(done, 75, /another git program works in this repository/);
        expect(done.text).toMatch(/^Sync deferred/);
        expect(done.text).not.toContain('Post-commit Summary');
        expect(existsSync(join(world.tree, '.git', lock))).toBe(true);
        rmSync(join(world.tree, '.git', lock));
        expectSynced(await sync([LOG]));
      },
      { foreignLocks: true },
    );
  }

  scenario('one that goes in time is waited for', async ({ world, sync }) => {
    put(world.tree, { '.git/index.lock': '', [LOG]: 'x\n' });
    let waited = 0;
    const now = (): number => performance.now();
    const done = await sync([LOG], {
      deps: {
        clock: {
          now,
          monotonic: now,
          // The other program ends during the third pause.
          sleep: async () => {
            if (++waited === 3) rmSync(join(world.tree, '.git/index.lock'));
            return true;
          },
        },
      },
    });
    expectSynced(done);
    expect(waited).toBe(3);
  });

  scenario(
    "a lock file beside our journal is left while somebody's git works in the tree",
    async ({ world, sync }) => {
      const other = spawn('git', ['cat-file', '--batch'], {
        cwd: world.tree,
        env: world.env,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      const ended = once(other, 'exit');
      await once(other, 'spawn');
      leaveJournal(world, { step: 'commit', paths: [LOG] });
      put(world.tree, { '.git/index.lock': '', [LOG]: 'x\n' });
      expectProblem(await sync([LOG]), 75, /another git program works there now/);
      expect(existsSync(join(world.tree, '.git/index.lock'))).toBe(true);
      other.stdin.end();
      await ended;
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\n');
    },
  );

  scenario('a lock file older than the killed step was never ours', async ({ world, sync }) => {
    put(world.tree, { '.git/index.lock': '', [LOG]: 'x\n' });
    const before = Date.now() / 1000 - 60.5;
    utimesSync(join(world.tree, '.git/index.lock'), before, before);
    leaveJournal(world, { step: 'commit', paths: [LOG] });
    expectProblem(await sync([LOG]), 75, /another git program/);
    expect(existsSync(join(world.tree, '.git/index.lock'))).toBe(true);
    rmSync(join(world.tree, '.git/index.lock'));
    expectSynced(await sync([LOG]));
  });

  scenario(
    'what a killed save left of a log enters no commit, and goes once it is a day old',
    async ({ world, sync }) => {
      const [young, old] = [
        'session-logs/.young.md.0123456789ab.tmp',
        'session-logs/.old.md.0123456789ab.tmp',
      ];
      // Made by the same writer, but not of a log: it may be of another program's making, so it stays.
      const other = '.identity.json.0123456789ab.tmp';
      put(world.tree, { [LOG]: 'x\n', [young]: 'half\n', [old]: 'half\n', [other]: '{\n' });
      const before = Date.now() / 1000 - 90_000;
      for (const path of [old, other]) utimesSync(join(world.tree, path), before, before);
      expectSynced(await sync('all'));
      expect(onRemote(world, LOG)).toBe('x\n');
      for (const path of [young, old, other]) expect(onRemote(world, path), path).toBe(null);
      expect([young, old, other].map((path) => existsSync(join(world.tree, path)))).toEqual([
        true,
        false,
        true,
      ]);
    },
    { commits: '*' },
  );
});

scenario(
  'a private tree that loses its link while it is used leads git nowhere, least of all into the tree of a person',
  async ({ world, sync }) => {
    // As in every submodule: from inside its git directory, git finds the way to the work tree by itself.
    git(world, world.tree, 'config', 'core.worktree', world.tree);
    put(world.tree, { 'README.md': '# Team, by Mike\n' });
    git(world, world.tree, 'commit', '-q', '-m', 'by hand', '--', 'README.md');
    mateCommits(world, { 'README.md': '# Team, by Anna\n' });
    put(world.tree, { 'session-logs/2026-06-06-mike-topic.md': 'x\n' });
    const real = gitCli({ env: world.env, graceMs: 300 });
    const lost: string[] = [];
    const losing: Git = {
      ...real,
      run: (call) => {
        if (call.args[0] === 'reset' && call.cwd !== world.tree) {
          lost.push(call.cwd);
          rmSync(join(call.cwd, '.git'));
        }
        return real.run(call);
      },
    };
    const done = await sync(['session-logs/2026-06-06-mike-topic.md'], { deps: { git: losing } });
    expect(lost).toHaveLength(1);
    expect(done.error).not.toBe(null);
  },
);
