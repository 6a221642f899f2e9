import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectProblem, expectSynced, OTHERS, scenario, useTemplate } from './scenario.ts';
import { git, onRemote, put } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const FIRST = 'session-logs/2026-06-01-mike-first.md';

describe('what a run commits', () => {
  scenario('a new log goes alone', async ({ world, sync }) => {
    put(world.tree, { [LOG]: '# Topic\n\ndone\n' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(onRemote(world, LOG)).toBe('# Topic\n\ndone\n');
    expect(done.tree?.files).toEqual([{ path: LOG, change: 'created', added: 3 }]);
    expect(done.tree?.othersUncommitted).toEqual([OTHERS.log]);
    expect(done.text).toMatch(
      /^## Post-commit Summary\nCommit: [0-9a-f]{10} sync: HAL 2026-06-06-mike-topic\.md\n/,
    );
  });

  scenario('the message says who, which machine and when', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    expect(git(world, world.remote, 'log', '-1', '--format=%an <%ae>|%cn <%ce>|%B', 'main')).toMatch(
      /^Mike Swanson <mike@example\.com>\|Mike Swanson <mike@example\.com>\|sync: HAL 2026-06-06-mike-topic\.md\n\nAuthor: Mike Swanson <mike@example\.com>\nMachine: HAL \(835d8a70-06d3-4f6c-a8cd-bf720c6eea7b\)\nTimestamp: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\n?$/,
    );
  });

  scenario('an appended log is called appended, an edited one changed', async ({ world, sync }) => {
    const alpha = 'projects/alpha/session-logs/2026-06-02-mike-alpha.md';
    put(world.tree, { [FIRST]: '# First\n\nbegun\n\n## Update: 14:03 PT\n', [alpha]: '# Alpha, renamed\n' });
    const done = await sync([FIRST, alpha]);
    expectSynced(done);
    expect(done.tree?.files).toEqual([
      { path: alpha, change: 'changed', added: 1 },
      { path: FIRST, change: 'appended', added: 2 },
    ]);
  });

  scenario('a log that its session has staged itself', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'staged\n' });
    git(world, world.tree, 'add', LOG);
    put(world.tree, { [LOG]: 'staged\nand more\n' });
    expectSynced(await sync([LOG]));
    expect(onRemote(world, LOG)).toBe('staged\nand more\n');
  });

  scenario('a log that is only announced to git (add -N)', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'announced\n' });
    git(world, world.tree, 'add', '-N', LOG);
    expectSynced(await sync([LOG]));
    expect(onRemote(world, LOG)).toBe('announced\n');
    expect(git(world, world.tree, 'status', '--porcelain', '--', LOG)).toBe('');
  });

  scenario('a folder stands for everything dirty below it', async ({ world, sync }) => {
    put(world.tree, { 'wiki/clients/acme.md': 'a\n', 'wiki/index.md': 'i\n', 'wikipedia.md': 'not this\n' });
    const done = await sync(['wiki']);
    expectSynced(done);
    expect(done.text).toContain('Wiki updates: 1 article updated (clients)');
    expect(onRemote(world, 'wikipedia.md')).toBe(null);
  });

  scenario(
    'an absolute path, also through a link to the tree',
    async ({ world, sync }) => {
      const link = join(world.root, 'link');
      symlinkSync(world.tree, link);
      put(world.tree, { [LOG]: 'x\n' });
      const done = await sync([join(link, LOG)], { request: { workspace: join(link, 'session-logs') } });
      expectSynced(done);
      expect(onRemote(world, LOG)).toBe('x\n');
    },
    { commits: [LOG] },
  );

  scenario('a log that vanished is no deletion', async ({ world, sync }) => {
    put(world.tree, { [FIRST]: null });
    const done = await sync([FIRST]);
    expect(done.code).toBe(0);
    expect(done.tree?.state).toBe('nothing');
    expect(done.tree?.warnings.join()).toContain('is gone here');
    expect(onRemote(world, FIRST)).not.toBe(null);
  });

  scenario('an ignored log is said to be ignored', async ({ world, sync }) => {
    put(world.tree, { 'ignored/session-logs/x.md': 'x\n', [LOG]: 'x\n' });
    const done = await sync(['ignored/session-logs/x.md', LOG]);
    expectSynced(done);
    expect(done.tree?.warnings.join()).toContain('Git ignores ignored/session-logs/x.md');
  });

  scenario('a path that is not there is passed over', async ({ sync }) => {
    const done = await sync(['session-logs/never-written.md']);
    expect(done.code).toBe(0);
    expect(done.tree?.state).toBe('nothing');
    expect(done.text).toContain('Nothing to sync.');
  });

  for (const [what, path] of [
    ['outside the tree', '/etc/passwd'],
    ['that climbs out', '../mate/README.md'],
    ['in the git directory', '.GIT/config'],
    ['that is the whole tree', '.'],
    ['with a NUL', 'a\0b'],
    ['that is a garbled Windows path', 'C:\\Users\\mike\\log.md'],
  ] as const) {
    scenario(`a path ${what} is refused, and nothing changes`, async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n' });
      const done = await sync([LOG, path]);
      expectProblem(done, 64, /cannot be synced/);
      expect(onRemote(world, LOG)).toBe(null);
    });
  }

  scenario('names that look like patterns, options or magic mean themselves', async ({ world, sync }) => {
    const names = [
      '*.md',
      ':(top)x.md',
      '--help.md',
      '-rf',
      'a b.md',
      'ünï😀.md',
      '[a-z].md',
      '!not.md',
      '#hash.md',
      '"quoted".md',
    ];
    const own = names.map((name) => `session-logs/${name}`);
    put(world.tree, Object.fromEntries(own.map((path) => [path, `${path}\n`])));
    put(world.tree, { 'session-logs/b.md': 'of nobody\n' });
    expectSynced(await sync(own));
    for (const path of own) expect(onRemote(world, path)).toBe(`${path}\n`);
    expect(onRemote(world, 'session-logs/b.md')).toBe(null);
  });

  scenario('thirty new logs travel as one pack', async ({ world, sync }) => {
    const own = Array.from({ length: 30 }, (_, at) => `session-logs/2026-06-07-mike-${at}.md`);
    put(world.tree, Object.fromEntries(own.map((path) => [path, `${path}\n`.repeat(20)])));
    const done = await sync(own);
    expectSynced(done);
    expect(done.tree?.files).toHaveLength(30);
    expect(
      git(world, world.remote, 'ls-tree', '--name-only', 'main', 'session-logs/').split('\n'),
    ).toHaveLength(31);
  });

  scenario('a link, an executable, a binary and an empty file', async ({ world, sync }) => {
    const own = ['session-logs/link.md', 'run.sh', 'session-logs/pic.bin', 'session-logs/empty.md'];
    put(world.tree, {
      'run.sh': '#!/bin/sh\n',
      'session-logs/pic.bin': Buffer.from([0, 255, 0, 13, 10]),
      'session-logs/empty.md': '',
    });
    chmodSync(join(world.tree, 'run.sh'), 0o755);
    symlinkSync('empty.md', join(world.tree, 'session-logs/link.md'));
    expectSynced(await sync(own));
    const modes = git(world, world.remote, 'ls-tree', '-r', 'main', '--', ...own);
    expect(modes).toMatch(/^100755 .*run\.sh$/m);
    expect(modes).toMatch(/^120000 .*link\.md$/m);
    expect(git(world, world.remote, 'hash-object', join(world.tree, 'session-logs/pic.bin'))).toBe(
      git(world, world.remote, 'rev-parse', 'main:session-logs/pic.bin'),
    );
  });

  scenario(
    'a log behind a linked folder is not part of the tree, and that is said',
    async ({ world, sync }) => {
      put(world.root, { 'elsewhere/x.md': 'x\n' });
      symlinkSync(join(world.root, 'elsewhere'), join(world.tree, 'linked'));
      const done = await sync(['linked/x.md']);
      expectProblem(done, 65, /not part of .* beyond a symbolic link/);
    },
  );

  scenario('others are named before anything is committed', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const { progress } = await sync([LOG]);
    const phases = progress.map(({ phase }) => phase);
    expect(phases.indexOf('others-uncommitted')).toBe(0);
    expect(phases.indexOf('committing')).toBe(1);
    expect(progress[0]).toMatchObject({ paths: [OTHERS.log] });
  });
});

describe('the sweep', () => {
  scenario(
    'takes everything dirty but what is ignored',
    async ({ world, sync }) => {
      put(world.tree, { [LOG]: 'x\n', [FIRST]: null, 'folder/inner.txt': null });
      const done = await sync('all');
      expectSynced(done);
      expect(onRemote(world, OTHERS.untracked)).toBe('half\0written');
      expect(onRemote(world, OTHERS.partly)).toBe('first, staged\nsecond\nthird, not staged\n');
      expect(onRemote(world, FIRST)).toBe(null);
      expect(onRemote(world, OTHERS.ignored)).toBe(null);
      expect(git(world, world.tree, 'status', '--porcelain')).toBe('');
    },
    { commits: '*' },
  );

  scenario(
    'leaves a repository inside the tree alone',
    async ({ world, sync }) => {
      git(world, world.tree, 'init', '-q', 'nested');
      put(world.tree, { 'nested/x.txt': 'x\n', [LOG]: 'x\n' });
      const done = await sync('all');
      expectSynced(done);
      expect(done.tree?.warnings.join()).toContain(
        'nested/ was left alone: it is a git repository of its own',
      );
      expect(git(world, world.remote, 'ls-tree', '--name-only', 'main')).not.toContain('nested');
    },
    { commits: '*' },
  );

  scenario(
    'does nothing in a clean tree',
    async ({ sync }) => {
      const done = await sync('all');
      expect(done.code).toBe(0);
      expect(done.tree?.state).toBe('nothing');
    },
    { alone: true },
  );
});

describe('garbled Windows names', () => {
  const garbled = [
    'C:\\Users\\mike\\log.md',
    'D\uf03a\uf05cclaudetools\uf05ctmp.md',
    'x\uf05cy',
    'line\nbreak.md',
    'C:/Users/x.md',
  ];

  scenario('are moved aside, listed, and never deleted', async ({ world, sync }) => {
    put(world.tree, Object.fromEntries([...garbled, LOG].map((path) => [path, `in ${path}`])));
    const done = await sync([LOG]);
    expectSynced(done);
    expect(done.tree?.rescued.map(({ path }) => path).sort()).toEqual([...garbled].sort());
    for (const { path, to } of done.tree?.rescued ?? []) expect(readFileSync(to, 'utf8')).toBe(`in ${path}`);
    expect(done.text).toContain('Moved aside: line break.md -> ');
  });

  scenario(
    'never enter a sweep',
    async ({ world, sync }) => {
      put(world.tree, Object.fromEntries([...garbled, LOG].map((path) => [path, 'x'])));
      expectSynced(await sync('all'));
      expect(git(world, world.remote, 'ls-tree', '-r', '-z', '--name-only', 'main')).not.toMatch(
        /C:|\uf05c|break/,
      );
    },
    { commits: '*' },
  );

  scenario('that somebody has committed stay, and a sweep does not touch them', async ({ world, sync }) => {
    put(world.tree, { 'C:\\tracked.md': 'a\n' });
    git(world, world.tree, 'add', '--', 'C:\\tracked.md');
    git(world, world.tree, 'commit', '-q', '-m', 'garbled by hand', '--', 'C:\\tracked.md');
    put(world.tree, { 'C:\\tracked.md': 'b\n', [LOG]: 'x\n' });
    const done = await sync([LOG, 'C:\\tracked.md'.replace('C:\\', '')]);
    expectSynced(done);
    expect(done.tree?.rescued).toEqual([]);
    expect(existsSync(join(world.tree, 'C:\\tracked.md'))).toBe(true);
  });

  scenario('in a folder that cannot be emptied do not stop the sync', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n', 'C:\\a.md': 'a' });
    // A file where the rescue folder should be.
    mkdirSync(join(world.tree, '.git', 'session-log'));
    put(world.tree, { '.git/session-log/rescue': 'in the way' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(done.tree?.warnings.join()).toContain('could not be moved aside');
    expect(existsSync(join(world.tree, 'C:\\a.md'))).toBe(true);
  });
});
