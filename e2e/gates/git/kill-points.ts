import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DriverAnswer, DriverOrder } from './driver.ts';
import { checkCommits, checkFiles, checkTidy, indexOfOthers, plantOthers } from './scenario.ts';
import {
  copyWorld,
  dropWorld,
  git,
  gitTry,
  makeTemplate,
  mateCommits,
  onRemote,
  put,
  snapshot,
  sync,
  type World,
} from './world.ts';

/**
 * Everything that changes something on disk: a kill before it is a state that a crash can leave. One name at a time, because a filter of
 * several counts each by itself and would pass most points over.
 */
const CHANGES = [
  'openat',
  'write',
  'pwrite64',
  'rename',
  'unlink',
  'link',
  'symlink',
  'mkdir',
  'rmdir',
  'ftruncate',
  'chmod',
  'fsync',
  'execve',
] as const;

/** One place to kill a git process: the n-th git call of the run, before the k-th call of a kind that it makes. */
export interface KillPoint {
  readonly call: number;
  readonly syscall: string;
  readonly nth: number;
  /** Whether the driver dies with it, or lives and sees its git killed. */
  readonly driverToo: boolean;
}

/** A workspace to be killed in, with all that can make recovery hard, and what must come of it. */
export interface Fixture {
  /** `rebased`: as `moving`, with a commit that changes nothing, which only a rebase in a private work tree can tell how to treat. */
  readonly name: 'moving' | 'rebased' | 'conflict';
  readonly template: World;
  /** Logs that the session has saved: each must reach the remote with these bytes. */
  readonly own: Readonly<Record<string, string>>;
}

const OWN = {
  'session-logs/2026-06-06-mike-topic.md': '# Topic\n\ndone\n',
  'projects/alpha/session-logs/2026-06-02-mike-alpha.md': '# Alpha\n\n## Update: 09:00 PT\n',
  'session-logs/pic.bin': 'binary\0\u0001',
} as const;

/** Another session's staged, dirty and untracked files; upstream edits, a rename, a removal, a binary, a file that became a folder. */
export function makeFixture(name: Fixture['name']): Fixture {
  const template = makeTemplate();
  put(template.mate, {
    'long.txt': 'a long line\n'.repeat(3_000),
    'renamed.txt': 'to be renamed\n'.repeat(20),
    'gone.txt': 'x\n',
  });
  git(template, template.mate, 'add', '-A');
  git(template, template.mate, 'commit', '-q', '-m', 'more');
  git(template, template.mate, 'push', '-q', 'origin', 'HEAD:main');
  git(template, template.tree, 'pull', '-q', '--rebase');
  if (name === 'rebased') git(template, template.tree, 'commit', '-q', '--allow-empty', '-m', 'by hand');
  plantOthers(template);
  mateCommits(template, {
    'long.txt': 'another long line\n'.repeat(3_000),
    'renamed.txt': null,
    'elsewhere/renamed.txt': 'to be renamed\n'.repeat(20),
    'gone.txt': null,
    'data.bin': Buffer.from([5, 0, 5]),
    thing: null,
    'thing/now.txt': 'a folder\n',
    'session-logs/2026-06-06-anna-new.md': '## Note for mike\n',
    ...(name === 'conflict'
      ? { 'projects/alpha/session-logs/2026-06-02-mike-alpha.md': '# Alpha of anna\n' }
      : {}),
  });
  put(template.tree, OWN);
  return { name, template, own: OWN };
}

/** True when git can be killed at a system call here. */
export function canKillGit(): boolean {
  return (
    process.platform === 'linux' &&
    spawnSync('strace', ['-e', 'trace=none', 'true'], { stdio: 'ignore' }).status === 0
  );
}

const GIT = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim();

/** A `git` before the real one on the PATH, which counts the driver's calls and has one of them traced or killed. */
function shim(world: World): NodeJS.ProcessEnv {
  const folder = join(world.root, 'shim');
  mkdirSync(folder, { recursive: true });
  put(folder, {
    git: `#!/bin/sh
n=1
while ! mkdir "${folder}/call.$n" 2>/dev/null; do n=$((n + 1)); done
if [ -n "$TRACE_CALLS" ]; then
  exec strace -qq -e "trace=$TRACE_CALLS" -o "${folder}/trace.$n" ${GIT} "$@"
fi
if [ "$n" = "$KILL_CALL" ]; then
  strace -qq -o /dev/null -e "trace=$KILL_AT" -e "inject=$KILL_AT:signal=SIGKILL:when=$KILL_NTH" ${GIT} "$@"
  code=$?
  if [ "$code" = 137 ]; then
    echo killed > "${folder}/killed"
    [ -n "$KILL_DRIVER" ] && kill -9 "$PPID"
    kill -9 $$
  fi
  exit "$code"
fi
exec ${GIT} "$@"
`,
  });
  chmodSync(join(folder, 'git'), 0o755);
  return { ...world.env, PATH: `${folder}:${process.env['PATH']}` };
}

/** Runs the driver as a process. @returns null when it was killed */
export async function runDriver(order: DriverOrder, env: NodeJS.ProcessEnv): Promise<DriverAnswer | null> {
  const child = spawn(
    process.execPath,
    [new URL('./driver.ts', import.meta.url).pathname, JSON.stringify(order)],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_, by) => resolve(by));
  });
  return signal === null ? (JSON.parse(text) as DriverAnswer) : null;
}

/** Runs the driver once under trace and lists every point at which one of its git processes can be killed. */
export async function findKillPoints(fixture: Fixture): Promise<readonly KillPoint[]> {
  const world = copyWorld(fixture.template);
  try {
    await runDriver(
      { tree: world.tree, own: Object.keys(fixture.own), die: null },
      { ...shim(world), TRACE_CALLS: CHANGES.join(',') },
    );
    const points: KillPoint[] = [];
    for (let call = 1; existsSync(join(world.root, 'shim', `trace.${call}`)); call++) {
      const seen = new Map<string, number>();
      for (const line of readFileSync(join(world.root, 'shim', `trace.${call}`), 'utf8').split('\n')) {
        const syscall = /^([a-z0-9_]+)\(/.exec(line)?.[1] ?? '';
        const nth = (seen.get(syscall) ?? 0) + 1;
        seen.set(syscall, nth);
        if (changesSomething(line, syscall))
          points.push({ call, syscall, nth, driverToo: points.length % 3 !== 0 });
      }
    }
    return points;
  } finally {
    dropWorld(world);
  }
}

function changesSomething(line: string, syscall: string): boolean {
  if (syscall === '') return false;
  if (syscall === 'openat') return /O_CREAT|O_WRONLY|O_RDWR|O_TRUNC/.test(line) && !line.includes('/dev/');
  if (syscall === 'write') return !/^write\([012],/.test(line);
  return syscall !== 'execve';
}

/** Runs one kill and the recovery from it. @returns whether something was killed */
export async function killAt(fixture: Fixture, point: KillPoint): Promise<boolean> {
  const env = {
    KILL_CALL: String(point.call),
    KILL_AT: point.syscall,
    KILL_NTH: String(point.nth),
    ...(point.driverToo ? { KILL_DRIVER: '1' } : {}),
  };
  return inCopy(fixture, `${point.syscall} ${point.nth} of call ${point.call}`, async (world) => {
    await runDriver(
      { tree: world.tree, own: Object.keys(fixture.own), die: null },
      { ...shim(world), ...env },
    );
    return existsSync(join(world.root, 'shim', 'killed'));
  });
}

/** Kills the driver itself around its n-th call. */
export async function killDriver(fixture: Fixture, die: NonNullable<DriverOrder['die']>): Promise<boolean> {
  return inCopy(fixture, `driver ${die.when} call ${die.at}`, async (world) => {
    return (await runDriver({ tree: world.tree, own: Object.keys(fixture.own), die }, world.env)) === null;
  });
}

/** Kills the driver, and then the driver that repairs. */
export async function killTwice(
  fixture: Fixture,
  first: NonNullable<DriverOrder['die']>,
  second: NonNullable<DriverOrder['die']>,
): Promise<boolean> {
  return inCopy(
    fixture,
    `driver ${first.when} call ${first.at}, then ${second.when} call ${second.at}`,
    async (world) => {
      const own = Object.keys(fixture.own);
      const one = await runDriver({ tree: world.tree, own, die: first }, world.env);
      const two = await runDriver({ tree: world.tree, own, die: second }, world.env);
      return one === null && two === null;
    },
  );
}

/** How many calls the driver makes in an undisturbed run. */
export async function countCalls(fixture: Fixture): Promise<number> {
  const world = copyWorld(fixture.template);
  const answer = await runDriver({ tree: world.tree, own: Object.keys(fixture.own), die: null }, world.env);
  dropWorld(world);
  return answer?.calls ?? 0;
}

async function inCopy(
  fixture: Fixture,
  what: string,
  kill: (world: World) => Promise<boolean>,
): Promise<boolean> {
  const world = copyWorld(fixture.template);
  try {
    const seed = git(world, world.tree, 'rev-parse', 'origin/main');
    const before = { files: snapshot(world.tree), index: indexOfOthers(world) };
    const killed = await kill(world);
    await expectRecovery(fixture, world);
    checkFiles(world, before.files);
    expect(indexOfOthers(world)).toBe(before.index);
    checkCommits(world, seed, new Set(Object.keys(fixture.own)));
    checkTidy(world);
    for (const folder of [world.tree, world.remote])
      expect(git(world, folder, 'fsck', '--full', '--strict', '--no-dangling', '--no-progress')).toBe('');
    return killed;
  } catch (error) {
    throw new Error(`killed at ${what}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    dropWorld(world);
  }
}

/** The next run, with nobody's help, brings everything to the remote and the tree up to date. */
async function expectRecovery(fixture: Fixture, world: World): Promise<void> {
  const own = Object.keys(fixture.own);
  const first = await sync(world, own);
  if (fixture.name === 'conflict') {
    expect(first.error?.message).toMatch(/the same place was changed in projects\/alpha/);
    // Anna takes her side back; nothing else is done.
    mateCommits(world, { 'projects/alpha/session-logs/2026-06-02-mike-alpha.md': '# Alpha\n' });
    expect((await sync(world, own)).error).toBe(null);
  } else expect(first.error).toBe(null);
  for (const [path, content] of Object.entries(fixture.own))
    expect(onRemote(world, path), path).toBe(content);
  const head = git(world, world.tree, 'rev-parse', 'HEAD');
  expect(head).toBe(git(world, world.remote, 'rev-parse', 'main'));
  expect(git(world, world.tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  // Nothing is left staged or changed but what belongs to the other sessions.
  expect(git(world, world.tree, 'diff', '--name-only', 'HEAD').split('\n').sort()).toEqual([
    'others/partly.txt',
    'others/staged.txt',
    'shared.txt',
  ]);
  // Each log came in with one commit.
  for (const path of own)
    expect(
      git(world, world.remote, 'log', '--format=%s', 'main', '--grep=^sync: ', '--', path).split('\n'),
    ).toHaveLength(1);
  expect(
    gitTry(
      world,
      world.tree,
      'diff',
      '--quiet',
      'HEAD',
      '--',
      'long.txt',
      'elsewhere',
      'thing',
      'data.bin',
      'gone.txt',
    ),
  ).toBe(0);
}

/** Removes a fixture. */
export function dropFixture(fixture: Fixture): void {
  dropWorld(fixture.template);
}

/** Runs jobs four at a time: a kill waits for processes most of its time. */
export async function fourAtATime<T>(jobs: readonly T[], run: (job: T) => Promise<void>): Promise<void> {
  const left = [...jobs];
  const lane = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await run(job);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}
