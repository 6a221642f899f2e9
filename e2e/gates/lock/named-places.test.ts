import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { nodeLocks } from '../../../main/adapters/lock/node-locks.ts';
import { LOCK_NAME } from '../../../main/core/ports/lock.ts';
import type { HeldLock } from '../../../main/core/ports/lock.ts';
import { unwrap } from '../../../shared/result.ts';

/* 18, 24 and 25 of the named cases, with real repositories and a real stopped process. */

const root = mkdtempSync(join(tmpdir(), 'lock-places-'));
const mike = nodeLocks({ who: 'mike' });
const anna = nodeLocks({ who: 'anna' });

afterAll(() => rmSync(root, { recursive: true, force: true }));

function git(cwd: string, ...args: string[]): string {
  const safe = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...safe, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function repository(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  git(folder, 'init', '-q');
  writeFileSync(join(folder, 'a'), 'a');
  git(folder, 'add', 'a');
  git(folder, 'commit', '-q', '-m', 'a');
  return folder;
}

/** Where the lock of a work tree lies. */
function lockOf(cwd: string): string {
  return join(git(cwd, 'rev-parse', '--path-format=absolute', '--git-common-dir'), LOCK_NAME);
}

async function take(path: string): Promise<HeldLock> {
  return unwrap(await mike.acquire({ path, command: 'git-sync', waitMs: 0 }));
}

async function busy(path: string): Promise<boolean> {
  const asked = await anna.acquire({ path, command: 'git-sync', waitMs: 0 });
  if (asked.ok) await asked.value.release();
  return !asked.ok;
}

describe('24 the lock of a repository', () => {
  it('is shared by its linked work trees', async () => {
    const main = repository('main');
    const linked = join(root, 'linked');
    git(main, 'worktree', 'add', '-q', linked);
    const held = await take(lockOf(linked));
    expect(await busy(lockOf(main))).toBe(true);
    await held.release();
    expect(await busy(lockOf(main))).toBe(false);
    expect(git(main, 'status', '--porcelain')).toBe('');
  });

  it('is not shared with a submodule, whose .git is a file', async () => {
    const inner = repository('inner');
    const outer = repository('outer');
    git(outer, 'submodule', '--quiet', 'add', inner, 'sub');
    const held = await take(lockOf(join(outer, 'sub')));
    expect(await busy(lockOf(outer))).toBe(false);
    expect(await busy(lockOf(join(outer, 'sub')))).toBe(true);
    await held.release();
  });

  it('works in a bare one', async () => {
    const bare = join(root, 'bare.git');
    git(root, 'init', '-q', '--bare', bare);
    const held = await take(lockOf(bare));
    expect(await busy(lockOf(bare))).toBe(true);
    await held.release();
    expect(readdirSync(bare).filter((name) => name.includes(LOCK_NAME))).toEqual([]);
  });
});

describe('25 two clones that share one vault', () => {
  it('have a lock each, and meet at the lock of the vault', async () => {
    const vault = repository('vault');
    const origin = repository('origin');
    const clones = ['one', 'two'].map((name) => {
      git(root, 'clone', '-q', origin, name);
      return join(root, name);
    });
    const [one = '', two = ''] = clones;
    const held = [await take(lockOf(one)), await take(lockOf(two)), await take(lockOf(vault))];
    expect(await busy(lockOf(vault))).toBe(true);
    for (const lock of held) expect(await lock.release()).toBe('released');
    expect(await busy(lockOf(vault))).toBe(false);
  });
});

describe('18 a real owner', () => {
  it('that is stopped keeps the lock; killed, it does not', async () => {
    const folder = mkdtempSync(join(root, 'stopped-'));
    const path = join(folder, LOCK_NAME);
    const child = fork(fileURLToPath(new URL('processes/holder.ts', import.meta.url)), [path], {
      execArgv: [],
    });
    await once(child, 'message');
    child.kill('SIGSTOP');
    expect(unwrap(await anna.status(path))).toMatchObject({
      pid: child.pid,
      verdict: 'alive',
      who: 'holder',
    });
    expect(await busy(path)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(unwrap(await anna.status(path))).toMatchObject({ pid: child.pid, verdict: 'dead' });
    expect(await busy(path)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
