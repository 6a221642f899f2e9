import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createSeededRandom } from '../../../main/testing/seeded-random.ts';
import { checkTidy, indexOfOthers, plantOthers } from './scenario.ts';
import { copyWorld, dropWorld, git, makeTemplate, put, snapshot, sync, type World } from './world.ts';

const TEXT = Array.from({ length: 12 }, (_, line) => `line ${line}`);
const START: Readonly<Record<string, string | Buffer>> = {
  'text.md': `${TEXT.join('\n')}\n`,
  'other.md': `${TEXT.join('\n')}\nother\n`,
  'pic.bin': Buffer.from([0, 1, 2, 3, 0, 255]),
  'dir/inside.md': 'inside\n',
};

type Edit = (tree: string, random: ReturnType<typeof createSeededRandom>) => void;

/** Everything that two people do to the same few files. */
const EDITS: Readonly<Record<string, Edit>> = {
  line: (tree, random) =>
    put(tree, { 'text.md': withLine(random.below(TEXT.length), `changed ${random.below(1000)}`) }),
  append: (tree, random) => put(tree, { 'text.md': `${TEXT.join('\n')}\nappended ${random.below(3)}\n` }),
  remove: (tree) => put(tree, { 'text.md': null }),
  rename: (tree) => put(tree, { 'text.md': null, 'renamed.md': START['text.md'] ?? '' }),
  renameCase: (tree) => put(tree, { 'text.md': null, 'Text.md': START['text.md'] ?? '' }),
  renameAndEdit: (tree, random) =>
    put(tree, { 'text.md': null, 'renamed.md': withLine(random.below(TEXT.length), 'changed') }),
  mode: (tree) => chmodSync(join(tree, 'text.md'), 0o755),
  binary: (tree, random) => put(tree, { 'pic.bin': Buffer.from([0, random.below(256), random.below(4)]) }),
  folderForFile: (tree) => {
    put(tree, { 'text.md': null });
    put(tree, { 'text.md/now.md': 'a folder\n' });
  },
  fileForFolder: (tree) => {
    put(tree, { dir: null });
    put(tree, { dir: 'a file\n' });
  },
  add: (tree, random) => put(tree, { 'added.md': `added ${random.below(2)}\n` }),
  addInFolder: (tree) => put(tree, { 'dir/added.md': 'added\n' }),
  moveFolder: (tree) => put(tree, { 'dir/inside.md': null, 'moved/inside.md': 'inside\n' }),
  swap: (tree) => put(tree, { 'text.md': START['other.md'] ?? '', 'other.md': START['text.md'] ?? '' }),
};

function withLine(at: number, text: string): string {
  return `${TEXT.map((line, number) => (number === at ? text : line)).join('\n')}\n`;
}

/** A template with the files that both sides will edit. */
export function conflictTemplate(): World {
  const template = makeTemplate();
  put(template.mate, START);
  git(template, template.mate, 'add', '-A');
  git(template, template.mate, 'commit', '-q', '-m', 'both');
  git(template, template.mate, 'push', '-q', 'origin', 'HEAD:main');
  git(template, template.tree, 'pull', '-q', '--rebase');
  plantOthers(template);
  return template;
}

/**
 * Both sides make one or two random edits. Either they come together, and then both sides' work is in the result, or it is a conflict, and
 * then the tree is as it was to the byte.
 * @returns what it came to
 */
export async function randomPair(template: World, seed: number): Promise<'together' | 'conflict'> {
  const world = copyWorld(template);
  const random = createSeededRandom(seed);
  const names = Object.keys(EDITS);
  const edit = (tree: string): readonly string[] =>
    Array.from({ length: 1 + random.below(2) }, () => {
      const name = names[random.below(names.length)] ?? 'line';
      try {
        EDITS[name]?.(tree, random);
      } catch {
        // The second edit of a side may find the first in its way (a file where it wants a folder).
      }
      return name;
    });
  try {
    const theirs = edit(world.mate);
    git(world, world.mate, 'add', '-A');
    git(world, world.mate, 'commit', '-q', '--allow-empty', '-m', 'theirs');
    git(world, world.mate, 'push', '-q', 'origin', 'HEAD:main');
    const ours = edit(world.tree);
    const label = `seed ${seed}: theirs ${theirs.join(', ')}; ours ${ours.join(', ')}`;
    // Everything in play, removals too, as a person would have committed it.
    const own = ['text.md', 'Text.md', 'renamed.md', 'other.md', 'pic.bin', 'dir', 'moved', 'added.md'];
    git(
      world,
      world.tree,
      'add',
      '-N',
      '--',
      ...git(world, world.tree, 'ls-files', '-o', '--exclude-standard')
        .split('\n')
        .filter((path) => own.some((name) => path === name || path.startsWith(`${name}/`))),
      'README.md',
    );
    const tracked = git(world, world.tree, 'ls-files', '--', ...own)
      .split('\n')
      .filter((path) => path !== '');
    git(
      world,
      world.tree,
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'ours',
      '--only',
      '--',
      ...tracked,
      'README.md',
    );
    const before = {
      files: snapshot(world.tree),
      index: indexOfOthers(world),
      head: git(world, world.tree, 'rev-parse', 'HEAD'),
    };
    const done = await sync(world, []);
    expect(indexOfOthers(world), label).toBe(before.index);
    checkTidy(world);
    expect(git(world, world.tree, 'symbolic-ref', 'HEAD'), label).toBe('refs/heads/main');
    if (done.error) {
      expect(done.error.message, label).toContain('the same place was changed');
      expect(snapshot(world.tree), label).toEqual(before.files);
      expect(git(world, world.tree, 'rev-parse', 'HEAD'), label).toBe(before.head);
      return 'conflict';
    }
    expect(git(world, world.tree, 'rev-parse', 'HEAD'), label).toBe(
      git(world, world.remote, 'rev-parse', 'main'),
    );
    expect(git(world, world.tree, 'diff', '--name-only', 'HEAD', '--', ...own), label).toBe('');
    return 'together';
  } finally {
    dropWorld(world);
  }
}
