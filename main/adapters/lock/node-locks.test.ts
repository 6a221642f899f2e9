import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { HeldLock, LockOwner, Locks } from '../../core/ports/lock.ts';
import { LOCK_NAME } from '../../core/ports/lock.ts';
import { unwrap } from '../../../shared/result.ts';
import { createLocks } from './create-locks.ts';
import type { LockDeps } from './lock-site.ts';
import { nodeLockDeps, nodeLocks } from './node-locks.ts';
import { formatRecordName } from './record-name.ts';
import { socketWitness } from './socket-witness.ts';
import { locksContract } from '../../testing/contracts/locks-contract.ts';

let folder = '';
let path = '';
const real = nodeLockDeps({ who: 'mike' });
const NONCE = '0123456789abcdef';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, LOCK_NAME);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function impatient(change: Partial<LockDeps> = {}): Locks {
  const timings = { ...real.timings, napMinMs: 5, napMaxMs: 20, courtesyMs: 60, ...change.timings };
  return createLocks({ ...real, ...change, timings });
}

async function take(locks: Locks, waitMs = 0, command = 'test'): Promise<HeldLock> {
  return unwrap(await locks.acquire({ path, command, waitMs }));
}

const sides = (): string[] => readdirSync(folder).filter((name) => name.includes('.t-'));

/** Those whose place in the queue is made, record and all. */
const waiters = (): number => sides().filter((name) => readdirSync(join(folder, name)).length === 1).length;

/** Waits until the disk's clock, which may stand still for some milliseconds, has moved: who comes now comes later. */
async function nextTick(): Promise<void> {
  const probe = join(folder, 'probe');
  const mtime = (): number => {
    writeFileSync(probe, '');
    return statSync(probe).mtimeMs;
  };
  const before = mtime();
  await expect.poll(mtime, { interval: 1 }).toBeGreaterThan(before);
  rmSync(probe);
}

describe('the lock on a real disk', () => {
  it('is one folder with one record, for the owner alone, and leaves nothing', async () => {
    const held = await take(nodeLocks({ who: 'mike' }));
    expect(readdirSync(folder)).toEqual([LOCK_NAME]);
    const [record = ''] = readdirSync(path);
    expect(record).toMatch(new RegExp(`^o-[0-9a-f]{8}-[0-9a-f]{16}-\\d+-${process.pid}-\\d+-[0-9a-f]{16}$`));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, record)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(path, record), 'utf8'))).toMatchObject({
      who: 'mike',
      command: 'test',
    });
    expect(await held.fence()).toEqual({ ok: true, value: undefined });
    expect(await held.release()).toBe('released');
    expect(await held.release()).toBe('released');
    expect((await held.fence()).ok).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tells who holds it', async () => {
    const locks = nodeLocks({ who: 'mike' });
    expect(await locks.status(path)).toEqual({ ok: true, value: null });
    const before = Date.now();
    const held = await take(locks, 0, 'git-sync');
    const owner = unwrap(await locks.status(path));
    expect(owner).toMatchObject({
      host: hostname(),
      pid: process.pid,
      who: 'mike',
      command: 'git-sync',
      verdict: 'alive',
    });
    expect(owner?.since).toBeGreaterThanOrEqual(before);
    await held.release();
    expect(await locks.status(path)).toEqual({ ok: true, value: null });
  });

  it('tells that an owner is dead, and of what is no lock', async () => {
    mkdirSync(path);
    writeFileSync(
      join(path, formatRecordName({ ...(await real.identity()), start: '1' }, NONCE)),
      '{"who":"anna"}',
    );
    const locks = nodeLocks({ who: 'mike' });
    expect(unwrap(await locks.status(path))).toMatchObject({ who: 'anna', verdict: 'dead' });
    rmSync(path, { recursive: true });
    symlinkSync(tmpdir(), path);
    expect(await locks.status(path)).toMatchObject({ ok: false, error: { code: 'attention' } });
    expect(await locks.acquire({ path, command: 'x', waitMs: 0 })).toMatchObject({
      error: { code: 'attention' },
    });
    expect(existsSync(path)).toBe(true);
  });

  it('cannot be taken in a folder that is not there', async () => {
    const taken = await nodeLocks({ who: 'mike' }).acquire({
      path: join(folder, 'no', 'lock'),
      command: 'x',
      waitMs: 0,
    });
    expect(taken).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('waiting', () => {
  it('ends at once without patience, and names the owner', async () => {
    const locks = impatient();
    const held = await take(locks, 0, 'git-sync');
    const second = await locks.acquire({ path, command: 'x', waitMs: 0 });
    expect(second).toMatchObject({
      ok: false,
      error: {
        code: 'lock-held',
        transient: true,
        details: { path, owner: { pid: process.pid, who: 'mike' } },
      },
    });
    expect(sides()).toEqual([]);
    await held.release();
  });

  it('ends when the owner releases, and says meanwhile who is in the way', async () => {
    const locks = impatient();
    const held = await take(locks, 0, 'git-sync');
    const seen: LockOwner[] = [];
    const second = locks.acquire({
      path,
      command: 'x',
      waitMs: 20_000,
      onWait: (owner) => {
        seen.push(owner);
        void held.release();
      },
    });
    await unwrap(await second).release();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ command: 'git-sync', verdict: 'alive' });
  });

  it('ends when the caller cancels, and leaves nothing', async () => {
    const locks = impatient();
    const held = await take(locks);
    const cancel = new AbortController();
    const onWait = (): void => cancel.abort();
    const second = await locks.acquire({ path, command: 'x', waitMs: 60_000, signal: cancel.signal, onWait });
    expect(second).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const third = await locks.acquire({ path, command: 'x', waitMs: 60_000, signal: cancel.signal });
    expect(third).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    await held.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is a queue: who releases and wants it again comes after those who wait', async () => {
    const locks = impatient({ timings: { ...real.timings, courtesyMs: 5000 } });
    const order: string[] = [];
    const enter = async (name: string): Promise<void> => {
      const held = await take(locks, 20_000, name);
      order.push(name);
      await held.release();
    };
    const held = await take(locks);
    const first = enter('first');
    await expect.poll(waiters).toBe(1);
    await nextTick();
    const second = enter('second');
    await expect.poll(waiters).toBe(2);
    await nextTick();
    await held.release();
    await Promise.all([first, second, enter('again')]);
    expect(order).toEqual(['first', 'second', 'again']);
  });

  it('does not respect a waiter that never comes', async () => {
    const self = await real.identity();
    const stopped = join(folder, `${LOCK_NAME}.t-${NONCE}`);
    mkdirSync(stopped);
    // Alive as far as anybody can tell, for it is our own process; and it never moves.
    writeFileSync(join(stopped, formatRecordName(self, NONCE)), '{}');
    const locks = impatient();
    const begun = performance.now();
    await (await take(locks, 20_000)).release();
    expect(performance.now() - begun).toBeGreaterThanOrEqual(55);
    // It is known now, and no longer waited for.
    const held = unwrap(
      await locks.acquire({ path, command: 'x', waitMs: 20_000, onWait: () => expect.fail() }),
    );
    await held.release();
    expect(sides()).toHaveLength(1);
  });
});

describe('while it is held', () => {
  it('a heartbeat touches the record, one at a time, until the release', async () => {
    let beat = (): void => undefined;
    let stopped = false;
    let touches = 0;
    const every = (ms: number, tick: () => void): (() => void) => {
      expect(ms).toBe(15_000);
      beat = tick;
      return () => {
        stopped = true;
      };
    };
    const touch = async (at: string): Promise<void> => {
      touches++;
      await real.fs.touch(at);
    };
    const held = await take(impatient({ clock: { ...real.clock, every }, fs: { ...real.fs, touch } }));
    const record = join(path, readdirSync(path)[0] ?? '');
    utimesSync(record, 1, 1);
    beat();
    beat();
    await expect.poll(() => statSync(record).mtimeMs).toBeGreaterThan(Date.now() - 10_000);
    expect(touches).toBe(1);
    await held.release();
    expect(stopped).toBe(true);
  });

  it('a release that the disk refuses is reported, and does not lock out this process', async () => {
    let refuse = true;
    const unlink = async (at: string): Promise<void> => {
      if (refuse && at.startsWith(join(path, 'o-'))) throw Object.assign(new Error('no'), { code: 'EIO' });
      await real.fs.unlink(at);
    };
    const locks = impatient({ fs: { ...real.fs, unlink } });
    const held = await take(locks);
    expect(await held.release()).toBe('stuck');
    expect(readdirSync(path)).toHaveLength(1);
    expect(await nodeLocks({ who: 'x' }).acquire({ path, command: 'x', waitMs: 0 })).toMatchObject({
      error: { code: 'lock-held' },
    });
    refuse = false;
    expect(await (await take(locks)).release()).toBe('released');
  });

  it('litter of the dead is swept when it is old', async () => {
    const self = await real.identity();
    const litter = (digit: string, start: string, ageMs: number): string => {
      const name = `${LOCK_NAME}.t-${digit.repeat(16)}`;
      mkdirSync(join(folder, name));
      if (start !== '') writeFileSync(join(folder, name, formatRecordName({ ...self, start }, NONCE)), '{}');
      const then = (Date.now() - ageMs) / 1000;
      utimesSync(join(folder, name), then, then);
      return name;
    };
    const old = 11 * 60_000;
    litter('a', '1', old);
    litter('b', '', old);
    const kept = [litter('c', '1', 0), litter('d', '', 0), litter('e', self.start, old)];
    await (await take(impatient({ timings: { ...real.timings, courtesyMs: 0 } }))).release();
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
  });

  it('a witness that answers settles it without asking for the process', async () => {
    const witness = socketWitness((token) => join(folder, token.slice(0, 6)));
    const held = await take(impatient({ witness }));
    const processes = { look: () => Promise.reject(new Error('nobody had to look')) };
    const second = await impatient({ witness, processes }).acquire({ path, command: 'x', waitMs: 0 });
    expect(second).toMatchObject({ error: { code: 'lock-held' } });
    await held.release();
  });
});

describe('on Windows', () => {
  const scanned = (times: number): { readonly locks: Locks; readonly tried: () => number } => {
    let tried = 0;
    const rename = async (from: string, to: string): Promise<void> => {
      if (++tried <= times) throw Object.assign(new Error('in use'), { code: 'EPERM' });
      await real.fs.rename(from, to);
    };
    const timings = { ...real.timings, windowsTryMs: 1 };
    return {
      locks: impatient({ platform: 'windows', fs: { ...real.fs, rename }, timings }),
      tried: () => tried,
    };
  };

  it('a rename refused by a virus scanner is tried again', async () => {
    const { locks, tried } = scanned(4);
    expect(await (await take(locks)).release()).toBe('released');
    expect(tried()).toBe(5);
  });

  it('ten times, and then it is said', async () => {
    const { locks, tried } = scanned(99);
    expect(await locks.acquire({ path, command: 'x', waitMs: 0 })).toMatchObject({
      error: { code: 'denied' },
    });
    expect(tried()).toBe(10);
    expect(readdirSync(folder)).toEqual([]);
  });
});

locksContract('the disk', () => {
  const place = mkdtempSync(join(tmpdir(), 'locks-contract-'));
  return {
    locks: nodeLocks({ who: 'a test' }),
    folder: place,
    end: () => rmSync(place, { recursive: true, force: true }),
  };
});
