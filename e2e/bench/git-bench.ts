import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { copyWorld, dropWorld, git, makeTemplate, put, sync, type World } from '../gates/git/world.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './measured-process.ts';

const FILES = 500;
const NEW_LOGS = 1_000;
const QUIET_ROUNDS = 25;
const LOG_ROUNDS = 5;

/**
 * What any program needs to learn that there is nothing to sync: which repository this is, who commits, what is dirty, what the
 * remote has, and whether that is what we have.
 */
const QUIET: readonly (readonly string[])[] = [
  ['rev-parse', '--git-dir', '--git-common-dir', '--show-toplevel'],
  ['config', '--list'],
  ['status', '--porcelain', '--branch', '--untracked-files=all'],
  ['fetch', 'origin', 'main'],
  ['rev-parse', 'HEAD', 'origin/main'],
];

/** The git sync beside the plain git commands that do the same, on the same repositories, in turn. */
export async function gitBench(): Promise<BenchRow[]> {
  const template = makeTemplate();
  try {
    put(
      template.tree,
      Object.fromEntries(
        Array.from({ length: FILES }, (_, at) => [`docs/${at % 20}/${at}.md`, text(at, 60)]),
      ),
    );
    git(template, template.tree, 'add', '-A');
    git(template, template.tree, 'commit', '-q', '-m', 'files');
    git(template, template.tree, 'push', '-q');
    return [await nothingToDo(template), await manyLogs(template)];
  } finally {
    dropWorld(template);
  }
}

async function nothingToDo(template: World): Promise<BenchRow> {
  const world = copyWorld(template);
  // A clone that somebody works in has an index that knows its files.
  git(world, world.tree, 'update-index', '-q', '--refresh');
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = -2; round < QUIET_ROUNDS; round++) {
    const plain = await timed(async () => {
      for (const args of QUIET) await run(world, args);
    });
    const synced = await timed(async () => {
      const done = await sync(world, []);
      if (done.code !== 0 || done.tree?.state !== 'nothing') throw new Error(`git-sync: ${done.text}`);
    });
    if (round < 0) continue;
    theirs.push(plain);
    ours.push(synced);
  }
  dropWorld(world);
  return compare(
    'git-sync with nothing to do',
    median(ours),
    median(theirs),
    '<= 1.5x rev-parse, config, status, fetch, rev-parse',
    1.5,
  );
}

async function manyLogs(template: World): Promise<BenchRow> {
  const logs = Object.fromEntries(
    Array.from({ length: NEW_LOGS }, (_, at) => [
      `session-logs/2026-06/2026-06-06-mike-${at}.md`,
      text(at, 60),
    ]),
  );
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = -1; round < LOG_ROUNDS; round++) {
    const worlds = [copyWorld(template), copyWorld(template)] as const;
    for (const world of worlds) put(world.tree, logs);
    const plain = await timed(async () => {
      await run(worlds[0], ['add', '.']);
      await run(worlds[0], ['commit', '-q', '-m', 'logs']);
      await run(worlds[0], ['push', '-q', 'origin', 'HEAD']);
    });
    const synced = await timed(async () => {
      const done = await sync(worlds[1], Object.keys(logs));
      if (done.code !== 0 || done.tree?.files.length !== NEW_LOGS) throw new Error(`git-sync: ${done.text}`);
    });
    for (const world of worlds) dropWorld(world);
    if (round < 0) continue;
    theirs.push(plain);
    ours.push(synced);
  }
  return compare(
    `git-sync with ${NEW_LOGS} new logs`,
    median(ours),
    median(theirs),
    '<= 1.3x git add, commit, push',
    1.3,
  );
}

function compare(name: string, value: number, peer: number, target: string, most: number): BenchRow {
  return { name, value, unit: 'ms', peer, ratio: value / peer, target, ok: value / peer <= most };
}

/** Runs git as a program would, reading what it says. */
function run(world: World, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], {
      cwd: world.tree,
      env: { ...world.env, HOME: join(world.root, 'home') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`git ${args.join(' ')} ended with ${code}`)),
    );
  });
}

/** Milliseconds of some work on a disk that has nothing else to write: ours syncs what it writes and would pay for the others. */
async function timed(work: () => Promise<void>): Promise<number> {
  execFileSync('sync');
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function text(at: number, lines: number): string {
  return Array.from(
    { length: lines },
    (_, line) => `line ${line} of ${at}: the quick brown fox ${(at * 7919 + line * 104_729) % 99_991}`,
  ).join('\n');
}
