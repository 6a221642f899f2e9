import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import type { Git } from '../../../main/core/ports/git.ts';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, gitInput, mateCommits, onRemote, put, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const FIRST = 'session-logs/2026-06-01-mike-first.md';

/** Git as it is, with its subcommands written down; those that are missing fail as in a git that does not know them. */
function watched(
  world: World,
  missing: readonly string[] = [],
): { readonly git: Git; readonly used: string[] } {
  const real = gitCli({ env: world.env, graceMs: 300 });
  const used: string[] = [];
  const run: Git['run'] = (call) => {
    const [subcommand = '', ...rest] = call.args;
    used.push(subcommand);
    return real.run(missing.includes(subcommand) ? { ...call, args: [`no-${subcommand}`, ...rest] } : call);
  };
  return { git: { ...real, run }, used };
}

/** Commits by hand, with what `git commit` is told beside the files. */
function byHand(world: World, files: Readonly<Record<string, string>>, ...args: readonly string[]): void {
  put(world.tree, files);
  const paths = Object.keys(files);
  git(world, world.tree, 'add', '--', ...paths);
  git(world, world.tree, 'commit', '-q', ...args, '--', ...paths);
}

const subjects = (world: World): readonly string[] =>
  git(world, world.remote, 'log', '--format=%s', '-5', 'main').split('\n');

describe('own commits beside those of others', () => {
  scenario(
    'go on top without a work tree, with their authors, times and messages',
    async ({ world, sync }) => {
      const author = ['--author=Zoë <zoe@example.com>', '--date=2026-01-02T03:04:05+0530'];
      byHand(world, { 'by-hand.txt': 'x\n' }, ...author, '-m', 'by hand\n\n  indented\n# a mark');
      const raw = (folder: string, name: string): string => git(world, folder, 'cat-file', 'commit', name);
      const before = raw(world.tree, 'HEAD');
      const anna = mateCommits(world, { 'README.md': '# Anna\n' });
      put(world.tree, { [LOG]: 'x\n' });
      const { git: spy, used } = watched(world);
      expectSynced(await sync([LOG], { deps: { git: spy } }));
      expect(used).not.toContain('worktree');
      expect(subjects(world).slice(0, 3)).toEqual([
        'sync: HAL 2026-06-06-mike-topic.md',
        'by hand',
        'from anna',
      ]);
      const after = raw(world.remote, 'main~1');
      const changed = /^(?:tree|parent|committer) .*\n/gm;
      expect(after.replace(changed, '')).toBe(before.replace(changed, ''));
      expect(after).toContain(`\nparent ${anna}\n`);
      expect(after).toMatch(/\ncommitter Mike Swanson <mike@example\.com> \d+ [+-]\d{4}\n/);
      expect(git(world, world.remote, 'show', '--format=', '--name-only', 'main~1')).toBe('by-hand.txt');
    },
  );

  scenario('are looked at once in a race, however often it is lost', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const { git: spy, used } = watched(world);
    let races = 0;
    const racing: Git = {
      ...spy,
      run: (call) => {
        if (call.args[0] === 'push' && ++races <= 3) mateCommits(world, { 'README.md': `# ${races}\n` });
        return spy.run(call);
      },
    };
    expectSynced(await sync([LOG], { deps: { git: racing } }));
    expect(races).toBe(4);
    const between = used.slice(used.lastIndexOf('fetch'), used.lastIndexOf('push') + 1);
    expect(between.toSorted()).toEqual([
      'diff-tree',
      'fetch',
      'hash-object',
      'merge-tree',
      'push',
      'rev-parse',
    ]);
    expect(used.filter((subcommand) => subcommand === 'cat-file')).toHaveLength(1);
  });

  for (const [what, arrange, missing] of [
    [
      'that changed a file which others changed elsewhere in it',
      (world: World) => {
        mateCommits(world, { [FIRST]: '# First, by Anna\n\nbegun\n' });
        put(world.tree, { [FIRST]: '# First\n\nbegun\n\nand more\n' });
      },
      [],
    ],
    [
      'of which one changes nothing',
      (world: World) => {
        git(world, world.tree, 'commit', '-q', '--allow-empty', '--only', '-m', 'empty');
        mateCommits(world, { 'README.md': '# Anna\n' });
        put(world.tree, { [FIRST]: '# First\n\nbegun\n\nand more\n' });
      },
      [],
    ],
    [
      'with a git that cannot merge without a work tree',
      (world: World) => {
        mateCommits(world, { 'README.md': '# Anna\n' });
        put(world.tree, { [FIRST]: '# First\n\nbegun\n\nand more\n' });
      },
      ['merge-tree'],
    ],
  ] as const) {
    scenario(`${what} are rebased`, async ({ world, sync }) => {
      arrange(world);
      const { git: spy, used } = watched(world, missing);
      expectSynced(await sync([FIRST], { deps: { git: spy } }));
      expect(used).toContain('rebase');
      expect(onRemote(world, FIRST)).toMatch(/begun\n\nand more\n$/);
      expect(readFileSync(join(world.tree, FIRST), 'utf8')).toBe(onRemote(world, FIRST));
    });
  }

  scenario('keep the encoding of their messages', async ({ world, sync }) => {
    put(world.tree, { 'by-hand.txt': 'x\n' });
    git(world, world.tree, 'add', 'by-hand.txt');
    const message = 'Größe';
    const latin = ['-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '-F', '-', '--', 'by-hand.txt'];
    gitInput(world, world.tree, message, ...latin);
    const subject = git(world, world.tree, 'log', '-1', '--format=%s');
    mateCommits(world, { 'README.md': '# Anna\n' });
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    expect(git(world, world.remote, 'log', '-1', '--format=%s', 'main~1')).toBe(subject);
  });

  scenario('of which a path is a folder there end in a conflict', async ({ world, sync }) => {
    mateCommits(world, { [`${LOG}/inner.txt`]: 'x\n' });
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /the same place was changed/);
  });
});
