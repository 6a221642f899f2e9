import { describe, expect, it } from 'vitest';

import { createLocks } from '../../../main/adapters/lock/create-locks.ts';
import type { LockFs } from '../../../main/adapters/lock/lock-fs.ts';
import { LOCK_TIMINGS } from '../../../main/adapters/lock/lock-timings.ts';
import { exitCodeOf } from '../../../shared/app-error.ts';
import type { AppError } from '../../../shared/app-error.ts';
import { errno } from './explorer/fake-files.ts';
import { deadRecord, HOST, worldDeps } from './explorer/real-lock.ts';
import { script } from './explorer/script.ts';
import type { Script } from './explorer/script.ts';
import { EPOCH, FOLDER, LOCK, newWorld } from './explorer/world.ts';
import type { Actor, Program } from './explorer/world.ts';

/* What the lock makes of whoever, or whatever, it finds in its way; with the durations of the product. */

const MINUTE = 60_000;
const NOTE = JSON.stringify({ host: 'farm', pid: 77, since: EPOCH, command: 'git-sync', who: 'mike' });

interface Asked {
  /** What became of the attempt. */
  readonly outcome: 'taken' | AppError;
  readonly waitedMs: number;
  readonly lead: Script;
}

/** Plants a record of age 0 and lets one process ask for the lock. */
async function ask(
  plant: (lead: Script) => void,
  options: {
    readonly waitMs?: number;
    readonly fs?: (fs: LockFs) => LockFs;
    readonly network?: boolean;
  } = {},
): Promise<Asked> {
  const lead = script(newWorld());
  lead.world.files.nowMs = EPOCH;
  plant(lead);
  const results: ('taken' | AppError)[] = [];
  const actor = await lead.spawn('A', async (self) => {
    const fs = options.fs?.(self.fs) ?? self.fs;
    const onNetwork = () => Promise.resolve(options.network === true);
    const locks = createLocks(worldDeps(self, { fs, onNetwork, timings: LOCK_TIMINGS }));
    const taken = await locks.acquire({ path: LOCK, command: 'proof', waitMs: options.waitMs ?? 2 * MINUTE });
    results.push(taken.ok ? 'taken' : taken.error);
    if (taken.ok) await taken.value.release();
  });
  await lead.finish(actor);
  const [outcome] = results;
  if (outcome === undefined) throw new Error('the attempt never ended');
  return { outcome, waitedMs: lead.world.nowMs, lead };
}

/** A lock with one record, touched `agoMs` ago. */
function record(name: string, agoMs = 0): (lead: Script) => void {
  return ({ world: { files } }) => {
    files.nowMs = EPOCH - agoMs;
    files.mkdir(LOCK);
    files.writeNew(`${LOCK}/${name}`, NOTE);
  };
}

function codeOf({ outcome }: Asked): string {
  return outcome === 'taken' ? outcome : outcome.code;
}

describe('an owner of this host is judged at once', () => {
  it.each([
    ['10 its pid belongs to another process now', { pid: 101, start: '4999' }],
    ['11 its pid is our own, from an earlier life', { pid: 100, start: '4999' }],
    [
      '12 its pid and start are ours, before a restart',
      { pid: 100, start: '5000', boot: 'b00000000000000b' },
    ],
    ['its pid is gone', { pid: 99 }],
  ])('dead: %s', async (_, change) => {
    const idle: Program = (self) => self.work('idle');
    const asked = await ask((lead) => {
      void lead.spawn('bystander', idle);
      record(deadRecord(change))(lead);
    });
    expect(codeOf(asked)).toBe('taken');
    expect(asked.waitedMs).toBe(0);
  });
});

describe('an owner that cannot be judged from here', () => {
  it.each([
    ['13 of another host', deadRecord({ host: 'ffffffff' })],
    ['14 of another PID namespace', deadRecord({ pidns: '8' })],
    ['15 with a name that is no record', 'owner.txt'],
  ])('%s is waited for, and named on giving up', async (_, name) => {
    const asked = await ask(record(name));
    expect(codeOf(asked)).toBe('lock-held');
    expect(asked.waitedMs).toBe(2 * MINUTE);
    expect(asked.outcome).toMatchObject({ details: { owner: { verdict: 'unknown', who: 'mike' } } });
    expect(asked.lead.world.files.readdir(LOCK)).toEqual([name]);
  });

  it.each([
    ['13 of another host', deadRecord({ host: 'ffffffff' })],
    ['15 with a name that is no record', 'owner.txt'],
  ])('%s is given up after 15 minutes of silence and a minute of watching', async (_, name) => {
    const asked = await ask(record(name, 16 * MINUTE));
    expect(codeOf(asked)).toBe('taken');
    expect(asked.waitedMs).toBeGreaterThanOrEqual(MINUTE);
    expect(asked.waitedMs).toBeLessThan(MINUTE + 1500);
  });

  it('is not given up while its record moves, however old its clock makes it look', async () => {
    const name = deadRecord({ host: 'ffffffff' });
    let beats = 0;
    const asked = await ask(record(name, 60 * MINUTE), {
      // A live owner whose clock is an hour behind: each beat sets a time that is old and different.
      fs: (fs) => ({
        ...fs,
        lstat: async (path) => {
          const entry = await fs.lstat(path);
          return path.endsWith(name) ? { ...entry, mtimeMs: entry.mtimeMs + beats++ * 15_000 } : entry;
        },
      }),
    });
    expect(codeOf(asked)).toBe('lock-held');
    expect(beats).toBeGreaterThan(50);
  });

  it('on a network disk even a dead pid of this host is one', async () => {
    const asked = await ask(record(deadRecord()), { network: true });
    expect(codeOf(asked)).toBe('lock-held');
    expect(asked.outcome).toMatchObject({ details: { owner: { verdict: 'unknown' } } });
  });
});

describe('16 what is not a lock', () => {
  it('a file is left alone', async () => {
    const asked = await ask(({ world }) => world.files.writeNew(LOCK, 'precious'));
    expect(codeOf(asked)).toBe('attention');
    expect(asked.lead.world.files.read(LOCK)).toBe('precious');
    expect(asked.waitedMs).toBe(0);
  });

  it('a symlink to elsewhere is left alone', async () => {
    const asked = await ask(({ world }) => {
      world.files.mkdir('/d/elsewhere');
      world.files.symlink(LOCK, '/d/elsewhere');
    });
    expect(codeOf(asked)).toBe('attention');
    expect(asked.lead.world.files.readdir(FOLDER)).toEqual(['elsewhere', 'lock']);
  });

  it('a folder that may not be read is reported', async () => {
    const refuse = (fs: LockFs): LockFs => ({
      ...fs,
      readdir: (path) => (path === LOCK ? Promise.reject(errno('EACCES')) : fs.readdir(path)),
    });
    const asked = await ask(record(deadRecord()), { fs: refuse });
    expect(codeOf(asked)).toBe('denied');
    expect(asked.lead.world.files.readdir(FOLDER)).toEqual(['lock']);
  });
});

describe('17 what a desktop left in the folder', () => {
  it('is removed with an empty lock', async () => {
    const asked = await ask(({ world: { files } }) => {
      files.nowMs = EPOCH - 20_000;
      files.mkdir(LOCK);
      files.writeNew(`${LOCK}/.DS_Store`, '');
      files.writeNew(`${LOCK}/Thumbs.db`, '');
    });
    expect(codeOf(asked)).toBe('taken');
    expect(asked.lead.world.files.entries.has(LOCK)).toBe(false);
  });

  it('does not hide the record beside it, nor survive its removal', async () => {
    const asked = await ask((lead) => {
      record(deadRecord())(lead);
      lead.world.files.writeNew(`${LOCK}/.DS_Store`, '');
    });
    expect(codeOf(asked)).toBe('taken');
    expect(asked.waitedMs).toBe(0);
  });
});

describe('a live owner', () => {
  /** An owner that took the lock and stands still, and a second process that asks after `gapMs`. */
  async function stoppedOwner(
    gapMs: number,
    wallShiftMs = 0,
  ): Promise<{ second: Actor; lead: Script; waitedMs: number }> {
    const lead = script(newWorld());
    const program: Program = async (self) => {
      const locks = createLocks(worldDeps(self, { timings: LOCK_TIMINGS }));
      const taken = await locks.acquire({ path: LOCK, command: 'git-sync', waitMs: 2 * MINUTE });
      self.outcomes.push(taken.ok ? 'taken' : taken.error.code);
      if (taken.ok) await self.work('stands still');
    };
    const owner = await lead.spawn('A', program);
    await lead.until(owner, 'work');
    lead.world.nowMs += gapMs;
    lead.world.wallShiftMs = wallShiftMs;
    const asked = lead.world.nowMs;
    const second = await lead.spawn('B', program);
    await lead.finish(second);
    return { second, lead, waitedMs: lead.world.nowMs - asked };
  }

  it('18 that was stopped for ten minutes keeps the lock', async () => {
    const { second, lead } = await stoppedOwner(10 * MINUTE);
    expect(second.outcomes).toEqual(['lock-held']);
    expect(lead.world.files.readdir(LOCK)).toHaveLength(1);
  });

  it('19 on a laptop that slept for an hour keeps the lock', async () => {
    // Asleep, the wall clock moves and the monotonic one does not.
    const { second } = await stoppedOwner(0, 60 * MINUTE);
    expect(second.outcomes).toEqual(['lock-held']);
  });

  it.each([-24 * 60, -60, 60, 24 * 60])('20 keeps it when the clock jumps by %i minutes', async (minutes) => {
    const { second } = await stoppedOwner(0, minutes * MINUTE);
    expect(second.outcomes).toEqual(['lock-held']);
  });

  it('23 is named when the wait of 120 s ends, on time, with exit 75', async () => {
    const { second, waitedMs } = await stoppedOwner(5000);
    expect(second.outcomes).toEqual(['lock-held']);
    expect(waitedMs).toBeGreaterThanOrEqual(119_000);
    expect(waitedMs).toBeLessThanOrEqual(121_000);
    const asked = await ask(({ world: { files } }) => {
      files.mkdir(LOCK);
      // The asking process itself, so that this owner is alive.
      files.writeNew(`${LOCK}/${deadRecord({ pid: 100, start: '5000' })}`, NOTE);
    });
    if (asked.outcome === 'taken') throw new Error('a live owner was robbed');
    expect(exitCodeOf(asked.outcome)).toBe(75);
    expect(asked.outcome.message).toContain(
      'mike on farm (pid 77), since 2023-11-14T22:13:20.000Z, doing git-sync',
    );
    expect(asked.outcome.message).not.toContain('cannot tell');
  });
});

describe('20 an empty lock', () => {
  it.each([-24 * 60, 24 * 60])('is healed although the clock jumps by %i minutes', async (minutes) => {
    const asked = await ask(({ world }) => {
      world.files.mkdir(LOCK);
      world.wallShiftMs = minutes * MINUTE;
    });
    expect(codeOf(asked)).toBe('taken');
    expect(asked.waitedMs).toBeLessThanOrEqual(LOCK_TIMINGS.graceMs + 1000);
  });
});

describe('21 a disk that refuses', () => {
  it.each([
    ['EROFS', 'mkdir', 'denied'],
    ['EACCES', 'mkdir', 'denied'],
    ['ENOSPC', 'writeNew', 'disk-full'],
    ['EDQUOT', 'writeNew', 'disk-full'],
    ['EMFILE', 'writeNew', 'io'],
    ['EIO', 'rename', 'io'],
    ['EROFS', 'rename', 'denied'],
  ] as const)('with %s at %s is reported, and nothing is left', async (code, call, expected) => {
    const refuse = (fs: LockFs): LockFs => ({ ...fs, [call]: () => Promise.reject(errno(code)) });
    const asked = await ask(() => undefined, { fs: refuse });
    expect(codeOf(asked)).toBe(expected);
    expect(asked.lead.world.files.readdir(FOLDER)).toEqual([]);
  });
});

describe('22 somebody deletes a held lock', () => {
  it('and the fence stops its owner, who then touches nothing', async () => {
    const lead = script(newWorld());
    const owner = await lead.spawn('A', async (self) => {
      const taken = await createLocks(worldDeps(self)).acquire({ path: LOCK, command: 'x', waitMs: 0 });
      if (!taken.ok) throw new Error(taken.error.message);
      await self.work('before moving a ref');
      const fence = await taken.value.fence();
      self.outcomes.push(fence.ok ? 'went on' : fence.error.code, await taken.value.release());
    });
    await lead.until(owner, 'work');
    const { files } = lead.world;
    files.unlink(`${LOCK}/${files.readdir(LOCK)[0]}`);
    files.rmdir(LOCK);
    // Another one moves in; the old owner must not remove it.
    files.mkdir(LOCK);
    files.writeNew(`${LOCK}/${deadRecord({ ...HOST, pid: 500 })}`, '');
    await lead.finish(owner);
    expect(owner.outcomes).toEqual(['lock-lost', 'lost']);
    expect(files.readdir(LOCK)).toHaveLength(1);
  });
});
