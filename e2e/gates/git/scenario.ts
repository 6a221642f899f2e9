import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  copyWorld,
  dropWorld,
  git,
  gitTry,
  makeTemplate,
  put,
  snapshot,
  sync,
  type Outcome,
  type SyncOptions,
  type World,
} from './world.ts';

/** What belongs to other sessions in every scenario. None of it may change by a byte, leave the index, or enter a commit. */
export const OTHERS = {
  staged: 'others/staged.txt',
  dirty: 'shared.txt',
  partly: 'others/partly.txt',
  log: 'session-logs/2026-06-05-anna-half-written.md',
  untracked: 'scratch.tmp',
  ignored: 'secret.key',
} as const;

/** Makes the tree as it is when several sessions work in it. */
export function plantOthers(world: World): void {
  put(world.tree, {
    [OTHERS.staged]: 'staged by another session\n',
    [OTHERS.partly]: 'first, staged\nsecond\nthird\n',
  });
  git(world, world.tree, 'add', OTHERS.staged, OTHERS.partly);
  put(world.tree, {
    [OTHERS.partly]: 'first, staged\nsecond\nthird, not staged\n',
    [OTHERS.dirty]: 'one\ntwo\nthree, being edited\nfour\nfive\n',
    [OTHERS.log]: '# Half written\n',
    [OTHERS.untracked]: 'half\0written',
    [OTHERS.ignored]: 'the only copy\n',
  });
}

export interface ScenarioOptions {
  /** Without the files of other sessions, for states that cannot be made with them. */
  readonly alone?: boolean;
  /** Paths that sync commits may hold beside what was given as own. `*` for everything (a sweep). */
  readonly commits?: readonly string[] | '*';
  /** HEAD is not on a branch, because the scenario put it there. */
  readonly detached?: boolean;
  /** The arrangement itself leaves lock files of other programs behind. */
  readonly foreignLocks?: boolean;
  /** The repository is one whose objects are elsewhere (partial clone), or damaged on purpose. */
  readonly noFsck?: boolean;
}

export interface Stage {
  readonly world: World;
  /** Runs the driver on the world's tree. */
  readonly sync: (own: readonly string[] | 'all', options?: SyncOptions) => Promise<Outcome>;
}

let template: World | undefined;

/** Call once at the top of a file of scenarios. */
export function useTemplate(): void {
  beforeAll(() => {
    template = makeTemplate();
  });
  afterAll(() => {
    if (template) dropWorld(template);
  });
}

/**
 * One scenario: arrangement and expectations in `body`, and after it what holds in every one: files of others byte-identical and in
 * the index as they were, nobody's own files changed, nothing foreign committed, both repositories whole, HEAD on its branch, no
 * lock, journal or work tree left.
 */
export function scenario(
  name: string,
  body: (stage: Stage) => Promise<void>,
  options: ScenarioOptions = {},
): void {
  test(name, async () => {
    if (!template) throw new Error('useTemplate() was not called');
    const world = copyWorld(template);
    try {
      const watched = watch(world, options);
      await body(watched.stage);
      watched.check();
    } finally {
      dropWorld(world);
    }
  });
}

function watch(world: World, options: ScenarioOptions): { readonly stage: Stage; check(): void } {
  if (!options.alone) plantOthers(world);
  const seed = git(world, world.tree, 'rev-parse', 'HEAD');
  const owned = new Set<string>();
  let before: Map<string, string> | undefined;
  let index = '';
  const stage: Stage = {
    world,
    sync: async (own, syncOptions) => {
      before ??= snapshot(world.tree);
      index ||= options.alone ? '' : indexOfOthers(world);
      if (own !== 'all') for (const path of own) owned.add(path.replace(`${world.tree}/`, ''));
      return sync(world, own, syncOptions);
    },
  };
  return {
    stage,
    check: () => {
      if (!before) throw new Error('the scenario never synced');
      checkFiles(world, before, options);
      if (!options.alone && options.commits !== '*') expect(indexOfOthers(world)).toBe(index);
      if (options.commits !== '*') checkCommits(world, seed, new Set([...owned, ...(options.commits ?? [])]));
      if (!options.noFsck) checkWhole(world, options);
      checkTidy(world, options);
    },
  };
}

/** Index entries and state of the other sessions' files. */
export function indexOfOthers(world: World): string {
  const paths = Object.values(OTHERS);
  return `${git(world, world.tree, 'ls-files', '-s', '--', ...paths)}\n${git(world, world.tree, 'diff', '--name-status', '--', ...paths)}`;
}

/** Every file that was there is as it was, or as the remote has it; those of others are as they were. */
export function checkFiles(
  world: World,
  before: ReadonlyMap<string, string>,
  options: ScenarioOptions = {},
): void {
  const after = snapshot(world.tree);
  const others = new Set<string>(options.alone ? [] : Object.values(OTHERS));
  for (const [path, content] of before) {
    const now = after.get(path);
    if (now === content) continue;
    if (others.has(path)) expect.fail(`${path} of another session was changed`);
    const moved = existsSync(join(world.tree, '.git')) && rescued(world, path);
    if (now === undefined && (moved || !isFileAtHead(world, path))) continue;
    if (now === undefined) expect.fail(`${path} was lost`);
    // Brought up to date from the remote: then git sees no difference.
    expect(git(world, world.tree, 'status', '--porcelain', '--', path), `${path} was changed`).toBe('');
  }
}

function isFileAtHead(world: World, path: string): boolean {
  return gitTry(world, world.tree, 'cat-file', 'blob', `HEAD:${path}`) === 0;
}

function rescued(world: World, path: string): boolean {
  const folder = join(
    git(world, world.tree, 'rev-parse', '--path-format=absolute', '--git-common-dir'),
    'session-log',
    'rescue',
  );
  return existsSync(folder) && readdirSync(folder).some((run) => existsSync(join(folder, run, path)));
}

/** Commits of the driver hold nothing but what their run owned. */
export function checkCommits(world: World, seed: string, allowed: ReadonlySet<string>): void {
  for (const [folder, tip] of [
    [world.remote, 'main'],
    [world.tree, 'HEAD'],
  ] as const) {
    if (gitTry(world, folder, 'rev-parse', '-q', '--verify', tip) !== 0) continue;
    const listed = git(
      world,
      folder,
      'log',
      '-z',
      '--format=%x01%s',
      '--name-only',
      '--no-renames',
      tip,
      `^${seed}`,
      '--',
    );
    let ours = false;
    for (const field of listed.split(/[\0\n]/)) {
      if (field.startsWith('\u0001')) ours = field.startsWith('\u0001sync: ');
      else if (ours && field !== '') {
        const owned = [...allowed].some((path) => field === path || field.startsWith(`${path}/`));
        if (!owned) expect.fail(`${field} was committed, and nobody asked for it`);
      }
    }
  }
}

function checkWhole(world: World, options: ScenarioOptions): void {
  for (const folder of [world.tree, world.remote]) {
    if (!existsSync(folder)) continue;
    expect(git(world, folder, 'fsck', '--full', '--strict', '--no-dangling', '--no-progress')).toBe('');
  }
  if (!options.detached) expect(git(world, world.tree, 'symbolic-ref', 'HEAD')).toMatch(/^refs\/heads\//);
}

/** Nothing of a run is left in the repository. (Side folders of waiters that were killed are the lock's to sweep, after a while.) */
export function checkTidy(world: World, options: ScenarioOptions = {}): void {
  const common = git(world, world.tree, 'rev-parse', '--path-format=absolute', '--git-common-dir');
  const left: string[] = [];
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (name === 'objects') continue;
      const folderHere = statSync(path).isDirectory();
      if (
        name.endsWith('.lock')
          ? !options.foreignLocks
          : /^sl-[0-9a-f]+$|^scratch-|^journal\.jsonl$|session-log-sync\.lock$/.test(name)
      )
        left.push(path);
      else if (folderHere && name !== 'rescue') visit(path);
    }
  };
  visit(common);
  expect(left).toEqual([]);
}

/** The run ended well. */
export function expectSynced(outcome: Outcome): void {
  expect(outcome.error).toBe(null);
  expect(outcome.code).toBe(0);
  expect(outcome.tree?.state).toBe('synced');
}

/** The run ended with this problem, said in one line with a way out. */
export function expectProblem(outcome: Outcome, exit: number, message: RegExp): void {
  expect(outcome.error?.message).toMatch(message);
  expect(outcome.error?.message).not.toMatch(/[\n\r\u001b]/);
  expect(outcome.error?.message.length).toBeLessThan(700);
  expect(outcome.error?.remedy).not.toBe('');
  expect(outcome.code).toBe(exit);
}
