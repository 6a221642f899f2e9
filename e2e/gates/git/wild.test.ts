import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, onRemote, put, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const ALONE = { alone: true } as const;

/** A bare repository with one commit, for logs alone. */
function logsRemote(world: World): string {
  const remote = join(world.root, 'logs.git');
  const seed = join(world.root, 'logs-seed');
  git(world, world.root, 'init', '-q', '--bare', '--template=', remote);
  git(world, world.root, 'clone', '-q', '--template=', remote, seed);
  put(seed, { 'README.md': '# Logs\n' });
  git(world, seed, 'add', '-A');
  git(world, seed, 'commit', '-q', '-m', 'first');
  git(world, seed, 'push', '-q', 'origin', 'HEAD:main');
  return remote;
}

describe('session-logs/ that is a repository of its own', () => {
  scenario(
    'and ignored by the code around it gets the log there',
    async ({ world, sync }) => {
      const logs = logsRemote(world);
      put(world.tree, { '.gitignore': 'session-logs/\n' });
      git(world, world.tree, 'rm', '-q', '-r', '--cached', 'session-logs');
      git(world, world.tree, 'add', '.gitignore');
      git(world, world.tree, 'commit', '-q', '-m', 'private logs');
      git(world, world.tree, 'push', '-q');
      put(world.tree, { 'session-logs': null });
      git(world, world.tree, 'clone', '-q', '--template=', logs, 'session-logs');
      put(world.tree, { [LOG]: 'private\n' });

      const done = await sync([LOG]);
      expect(done.code).toBe(0);
      expect(done.text).not.toMatch(/WARN|gitignore/);
      expect(git(world, logs, 'show', 'main:2026-06-06-mike-topic.md')).toBe('private');
      expect(onRemote(world, LOG)).toBe(null);
      expect(git(world, world.tree, 'status', '--porcelain')).toBe('');
    },
    { alone: true, commits: '*' },
  );

  scenario(
    'and a submodule gets the log there, or says what to do first',
    async ({ world, sync }) => {
      const logs = logsRemote(world);
      git(world, world.tree, 'rm', '-q', '-r', 'session-logs');
      git(
        world,
        world.tree,
        '-c',
        'protocol.file.allow=always',
        'submodule',
        'add',
        '-q',
        logs,
        'session-logs',
      );
      git(world, world.tree, 'commit', '-q', '-m', 'logs as a submodule');
      git(world, world.tree, 'push', '-q');
      const inner = join(world.tree, 'session-logs');
      git(world, inner, 'checkout', '-q', '--detach');
      put(world.tree, { [LOG]: 'x\n' });
      expectProblem(await sync([LOG]), 65, /HEAD is detached/);

      git(world, inner, 'switch', '-q', 'main');
      expect((await sync([join(world.tree, LOG)])).code).toBe(0);
      expect(git(world, logs, 'show', 'main:2026-06-06-mike-topic.md')).toBe('x');
    },
    { alone: true, commits: '*' },
  );
});

describe('what git keeps from being seen', () => {
  scenario(
    'a log outside of a sparse checkout is committed all the same',
    async ({ world, sync }) => {
      git(world, world.tree, 'sparse-checkout', 'set', '--cone', 'docs');
      put(world.tree, { [LOG]: 'x\n' });
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\n');
      put(world.tree, { [LOG]: 'x\nmore\n' });
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\nmore\n');
      expect(readFileSync(join(world.tree, LOG), 'utf8')).toBe('x\nmore\n');
    },
    ALONE,
  );

  for (const bit of ['--skip-worktree', '--assume-unchanged'])
    scenario(`a changed log under ${bit} is named with the way out`, async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n' });
      expectSynced(await sync([LOG]));
      git(world, world.tree, 'update-index', bit, '--', LOG);
      expect((await sync([LOG])).code, 'nothing is hidden yet').toBe(0);
      put(world.tree, { [LOG]: 'x\nmore\n' });
      const done = await sync([LOG]);
      expectProblem(done, 65, /told to overlook changes of session-logs\/2026-06-06-mike-topic\.md/);

      for (const back of ['--no-skip-worktree', '--no-assume-unchanged'])
        git(world, world.tree, 'update-index', back, '--', LOG);
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\nmore\n');
    });

  scenario('a log behind a link is an error, and the rest is synced', async ({ world, sync }) => {
    put(world.tree, { 'elsewhere/x.md': 'x\n', [LOG]: 'x\n' });
    symlinkSync('../elsewhere', join(world.tree, 'session-logs/linked'));
    const done = await sync([LOG, 'session-logs/linked/x.md']);
    expectProblem(done, 65, /not part of .* beyond a symbolic link/);
    expect(onRemote(world, LOG)).toBe('x\n');
  });
});

scenario("the server's own words are shown", async ({ world, sync }) => {
  const hook = join(world.remote, 'hooks', 'pre-receive');
  put(world.remote, {
    'hooks/pre-receive': String.raw`#!/bin/sh
printf 'main is protected:\nopen a merge request \033[2Jinstead\n' >&2; exit 1
`,
  });
  chmodSync(hook, 0o755);
  put(world.tree, { [LOG]: 'x\n' });
  const done = await sync([LOG]);
  expectProblem(
    done,
    65,
    /the server says: main is protected: open a merge request .*instead; pre-receive hook/,
  );
});
