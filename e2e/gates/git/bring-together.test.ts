import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectProblem, expectSynced, OTHERS, scenario, useTemplate } from './scenario.ts';
import { git, mateCommits, onRemote, put, snapshot, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const NEXT = 'session-logs/2026-06-07-mike-next.md';
const FIRST = 'session-logs/2026-06-01-mike-first.md';
const read = (world: World, path: string): string => readFileSync(join(world.tree, path), 'utf8');
const level = (world: World): boolean =>
  git(world, world.tree, 'rev-parse', 'HEAD') === git(world, world.remote, 'rev-parse', 'main');

describe('with upstream moved', () => {
  scenario('the log goes on top, the tree follows, and a dirty tree stays dirty', async ({ world, sync }) => {
    mateCommits(world, { 'README.md': '# Team, by Anna\n', 'session-logs/2026-06-06-anna-b.md': 'b\n' });
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(level(world)).toBe(true);
    expect(read(world, 'README.md')).toBe('# Team, by Anna\n');
    expect(done.tree?.arrived?.logs).toEqual(['session-logs/2026-06-06-anna-b.md']);
    expect(done.tree?.commit?.sha).toBe(git(world, world.remote, 'rev-parse', 'main'));
    expect(done.tree?.push).toMatchObject({ new: done.tree?.commit?.sha, branch: 'main', remote: 'origin' });
  });

  scenario('and nothing of ours, the tree just follows', async ({ world, sync }) => {
    mateCommits(world, { 'README.md': '# Team, by Anna\n' });
    const done = await sync([]);
    expectSynced(done);
    expect(done.tree?.push).toBe(null);
    expect(level(world)).toBe(true);
  });

  scenario(
    'own commits that were never pushed are pushed, though there is nothing to commit',
    async ({ world, sync }) => {
      put(world.tree, { 'by-hand.txt': 'x\n' });
      git(world, world.tree, 'add', 'by-hand.txt');
      git(world, world.tree, 'commit', '-q', '-m', 'by hand', '--', 'by-hand.txt');
      mateCommits(world, { 'README.md': '# Team, by Anna\n' });
      const done = await sync([]);
      expectSynced(done);
      expect(onRemote(world, 'by-hand.txt')).toBe('x\n');
      expect(git(world, world.remote, 'log', '-1', '--format=%an %s', 'main')).toBe('Mike Swanson by hand');
      expect(level(world)).toBe(true);
    },
  );

  scenario(
    'a merge made by hand stays a merge',
    async ({ world, sync }) => {
      git(world, world.tree, 'switch', '-q', '-c', 'feature');
      put(world.tree, { 'feature.txt': 'f\n' });
      git(world, world.tree, 'add', 'feature.txt');
      git(world, world.tree, 'commit', '-q', '-m', 'feature');
      git(world, world.tree, 'switch', '-q', 'main');
      git(world, world.tree, 'merge', '-q', '--no-ff', '-m', 'merge feature', 'feature');
      mateCommits(world, { 'README.md': '# Team, by Anna\n' });
      put(world.tree, { [LOG]: 'x\n' });
      expectSynced(await sync([LOG]));
      expect(git(world, world.remote, 'log', '--merges', '--format=%s', 'main')).toBe('merge feature');
      expect(level(world)).toBe(true);
    },
    { alone: true },
  );

  for (const [what, change] of [
    ['deleted', { 'folder/inner.txt': null }],
    ['renamed', { 'folder/inner.txt': null, 'elsewhere/inner.txt': 'inner\n' }],
    ['turned a file into a folder', { thing: null, 'thing/now.txt': 'folder\n' }],
    ['turned a folder into a file', { folder: null }],
    ['changed a binary', { 'data.bin': Buffer.from([9, 0, 9]) }],
  ] as const) {
    scenario(`upstream ${what}: the tree has it so`, async ({ world, sync }) => {
      if (what === 'turned a folder into a file') {
        mateCommits(world, change);
        mateCommits(world, { folder: 'a file now\n' });
      } else mateCommits(world, change);
      put(world.tree, { [LOG]: 'x\n' });
      expectSynced(await sync([LOG]));
      expect(level(world)).toBe(true);
      const [ours, theirs] = [snapshot(world.tree), snapshot(world.mate)];
      for (const path of [
        'folder',
        'folder/inner.txt',
        'elsewhere/inner.txt',
        'thing',
        'thing/now.txt',
        'data.bin',
      ])
        expect(ours.get(path), path).toBe(theirs.get(path));
    });
  }

  scenario(
    'upstream renamed the folder of our new log: the log stays where its session wrote it',
    async ({ world, sync }) => {
      mateCommits(world, {
        'projects/alpha/session-logs/2026-06-02-mike-alpha.md': null,
        'projects/omega/session-logs/2026-06-02-mike-alpha.md': '# Alpha\n',
      });
      const own = 'projects/alpha/session-logs/2026-06-06-mike-new.md';
      put(world.tree, { [own]: 'new\n' });
      expectSynced(await sync([own]));
      expect(onRemote(world, own)).toBe('new\n');
    },
  );

  scenario('upstream made a file executable', async ({ world, sync }) => {
    git(world, world.mate, 'update-index', '--chmod=+x', 'README.md');
    git(world, world.mate, 'commit', '-q', '-m', 'x bit');
    git(world, world.mate, 'push', '-q');
    expectSynced(await sync([]));
    expect(lstatSync(join(world.tree, 'README.md')).mode & 0o100).toBe(0o100);
  });

  scenario('both appended at different places of one file: both are kept', async ({ world, sync }) => {
    mateCommits(world, { 'README.md': '# Team of Anna\n' + 'x\n'.repeat(9) });
    expectSynced(await sync([]));
    mateCommits(world, { 'README.md': '# Team of Anna and Mike\n' + 'x\n'.repeat(9) });
    put(world.tree, { 'README.md': '# Team of Anna\n' + 'x\n'.repeat(9) + 'end\n' });
    expectSynced(await sync(['README.md']));
    expect(onRemote(world, 'README.md')).toBe('# Team of Anna and Mike\n' + 'x\n'.repeat(9) + 'end\n');
    expect(level(world)).toBe(true);
  });

  scenario(
    'index times that differ from the files (a copied tree) are no change',
    async ({ world, sync }) => {
      mateCommits(world, { 'README.md': '# Team, by Anna\n', 'data.bin': Buffer.from([1]) });
      for (const path of ['README.md', 'data.bin']) utimesSync(join(world.tree, path), 1, 1);
      put(world.tree, { [LOG]: 'x\n' });
      const done = await sync([LOG]);
      expectSynced(done);
      expect(done.tree?.warnings).toEqual([]);
      expect(level(world)).toBe(true);
    },
  );

  scenario('the same log was written on both sides: it is there once', async ({ world, sync }) => {
    mateCommits(world, { [LOG]: 'same\n' });
    put(world.tree, { [LOG]: 'same\n' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(level(world)).toBe(true);
    expect(git(world, world.remote, 'log', '--format=%s', 'main', '--', LOG)).toBe('from anna');
  });
});

describe('with somebody in the way', () => {
  scenario(
    'another session edits what upstream changed: ours is pushed, its file waits, the next run follows',
    async ({ world, sync }) => {
      mateCommits(world, { [OTHERS.dirty]: 'ONE\ntwo\nthree\nfour\nfive\n', 'README.md': '# Anna\n' });
      put(world.tree, { [LOG]: 'x\n' });
      const first = await sync([LOG]);
      expectSynced(first);
      expect(onRemote(world, LOG)).toBe('x\n');
      expect(first.tree?.warnings.join()).toMatch(
        /not in the files here yet: shared\.txt is being changed here/,
      );
      expect(read(world, 'README.md')).toBe('# Team\n');
      // Again, with more of ours: nothing is doubled.
      put(world.tree, { [NEXT]: 'y\n' });
      expectSynced(await sync([NEXT]));
      expect(onRemote(world, NEXT)).toBe('y\n');
      expect(
        git(world, world.remote, 'log', '--format=%s', 'main', '--', LOG, NEXT).split('\n'),
      ).toHaveLength(2);
      // The other session keeps its edit elsewhere; now the tree can follow.
      const edit = readFileSync(join(world.tree, OTHERS.dirty));
      git(world, world.tree, 'checkout', '--', OTHERS.dirty);
      const third = await sync([]);
      expect(third.error).toBe(null);
      expect(level(world)).toBe(true);
      expect(read(world, 'README.md')).toBe('# Anna\n');
      git(world, world.tree, 'show', `HEAD:${OTHERS.dirty}`);
      // Put back, for the watcher of this scenario.
      mateCommits(world, { [OTHERS.dirty]: 'one\ntwo\nthree\nfour\nfive\n' });
      expectSynced(await sync([]));
      put(world.tree, { [OTHERS.dirty]: edit });
    },
  );

  scenario('another session has staged what upstream changed', async ({ world, sync }) => {
    mateCommits(world, { [OTHERS.partly]: 'first\nsecond\nTHIRD\n' });
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(onRemote(world, LOG)).toBe('x\n');
    expect(done.tree?.warnings.join()).toContain('not in the files here yet');
  });

  scenario('an untracked file stands where upstream puts one', async ({ world, sync }) => {
    mateCommits(world, { [OTHERS.untracked]: 'of anna\n', 'README.md': '# Anna\n' });
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(done.tree?.warnings.join()).toContain(
      `${OTHERS.untracked} is here already and git does not know it. Move it elsewhere; the next sync then brings in`,
    );
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('an ignored file stands there: git would overwrite it, we do not', async ({ world, sync }) => {
    mateCommits(world, { [OTHERS.ignored]: 'a key that anna committed\n' });
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(done.tree?.warnings.join()).toContain(OTHERS.ignored);
    expect(read(world, OTHERS.ignored)).toBe('the only copy\n');
  });

  scenario('a folder of ignored files stands where upstream puts a file', async ({ world, sync }) => {
    put(world.tree, { 'ignored/precious.txt': 'the only copy\n' });
    mateCommits(world, { ignored: 'a file\n' });
    const done = await sync([]);
    expect(done.tree?.warnings.join()).toContain('ignored/precious.txt');
    expect(read(world, 'ignored/precious.txt')).toBe('the only copy\n');
  });

  scenario('an ignored file stands where upstream puts a folder', async ({ world, sync }) => {
    put(world.tree, { 'a.key': 'the only copy\n' });
    mateCommits(world, { 'a.key/inner.txt': 'x\n' });
    const done = await sync([]);
    expect(done.tree?.warnings.join()).toContain('a.key');
    expect(read(world, 'a.key')).toBe('the only copy\n');
  });

  scenario(
    'an untracked file with the very bytes that upstream brings is taken over',
    async ({ world, sync }) => {
      put(world.tree, { 'same.txt': 'same\n' });
      mateCommits(world, { 'same.txt': 'same\n' });
      const done = await sync([]);
      expectSynced(done);
      expect(done.tree?.warnings).toEqual([]);
      expect(level(world)).toBe(true);
      expect(git(world, world.tree, 'status', '--porcelain', '--', 'same.txt')).toBe('');
    },
  );

  scenario(
    'a file deleted here but not committed, changed there: it comes back, as git would have it',
    async ({ world, sync }) => {
      rmSync(join(world.tree, 'README.md'));
      mateCommits(world, { 'README.md': '# Anna\n' });
      expectSynced(await sync([]));
      expect(read(world, 'README.md')).toBe('# Anna\n');
    },
  );

  scenario('an empty folder stands where upstream puts a file', async ({ world, sync }) => {
    mkdirSync(join(world.tree, 'new.txt'));
    mateCommits(world, { 'new.txt': 'x\n' });
    expectSynced(await sync([]));
    expect(read(world, 'new.txt')).toBe('x\n');
  });
});

describe('a conflict', () => {
  for (const [what, theirs, ours] of [
    ['on the same line', { [FIRST]: '# First\n\nby anna\n' }, { [FIRST]: '# First\n\nby mike\n' }],
    ['two new files of one name', { [LOG]: 'by anna\n' }, { [LOG]: 'by mike\n' }],
    ['deleted there, edited here', { [FIRST]: null }, { [FIRST]: '# First\n\nby mike\n' }],
    ['in a binary', { 'data.bin': Buffer.from([1, 0]) }, { 'data.bin': Buffer.from([2, 0]) }],
    ['a file here, a folder there', { 'new/x.txt': 'x\n' }, { new: 'file\n' }],
    [
      'renamed and edited there, edited here',
      { [FIRST]: null, 'session-logs/renamed.md': '# First\n\nby anna\n' },
      { [FIRST]: '# First\n\nby mike\n' },
    ],
  ] as const) {
    scenario(`${what}: nothing here is touched, and the commit is kept`, async ({ world, sync }) => {
      mateCommits(world, theirs);
      put(world.tree, ours);
      const own = Object.keys(ours);
      const before = snapshot(world.tree);
      const done = await sync(own);
      expectProblem(done, 65, /the same place was changed in /);
      expect(done.tree?.state).toBe('attention');
      expect(snapshot(world.tree)).toEqual(before);
      expect(git(world, world.tree, 'log', '-1', '--format=%s')).toMatch(/^sync: HAL/);
      expect(done.text).toContain('[ATTENTION]');
      // And again: still the same, not worse.
      expectProblem(await sync(own), 65, /the same place/);
      expect(snapshot(world.tree)).toEqual(before);
    });
  }

  scenario('that is settled by hand is over', async ({ world, sync }) => {
    mateCommits(world, { [FIRST]: '# First\n\nby anna\n' });
    put(world.tree, { [FIRST]: '# First\n\nby mike\n' });
    expectProblem(await sync([FIRST]), 65, /the same place/);
    mateCommits(world, { [FIRST]: '# First\n\nbegun\n' }, 'anna takes it back');
    expectSynced(await sync([]));
    expect(onRemote(world, FIRST)).toBe('# First\n\nby mike\n');
    expect(level(world)).toBe(true);
  });

  scenario(
    'in the tree already (unmerged files) is refused before anything',
    async ({ world, sync }) => {
      mateCommits(world, { [FIRST]: '# First\n\nby anna\n' });
      put(world.tree, { [FIRST]: '# First\n\nby mike\n', [LOG]: 'x\n' });
      git(world, world.tree, 'stash', 'push', '-q', '--', FIRST);
      git(world, world.tree, 'pull', '-q', '--rebase');
      expect(() => git(world, world.tree, 'stash', 'pop')).toThrow();
      expectProblem(await sync([LOG]), 65, /unsettled conflicts in session-logs\/2026-06-01-mike-first\.md/);
      expect(onRemote(world, LOG)).toBe(null);
      expect(existsSync(join(world.tree, LOG))).toBe(true);
    },
    { alone: true },
  );

  scenario('in the mode alone', async ({ world, sync }) => {
    git(world, world.mate, 'update-index', '--chmod=+x', FIRST);
    git(world, world.mate, 'commit', '-q', '-m', 'x bit');
    git(world, world.mate, 'push', '-q');
    put(world.tree, { [FIRST]: '# First\n\nbegun\nmore\n' });
    const before = snapshot(world.tree);
    const done = await sync([FIRST]);
    expectSynced(done);
    expect(onRemote(world, FIRST)).toBe('# First\n\nbegun\nmore\n');
    expect(before.get(FIRST)).not.toBe(undefined);
    chmodSync(join(world.tree, FIRST), 0o755);
    expect(git(world, world.tree, 'status', '--porcelain', '--', FIRST)).toBe('');
  });
});
