import { mkdir, readdir, readFile, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { createLocks } from '../../../../main/adapters/lock/create-locks.ts';
import type { LockFs } from '../../../../main/adapters/lock/lock-fs.ts';
import { nodeLockDeps } from '../../../../main/adapters/lock/node-locks.ts';
import { formatRecordName } from '../../../../main/adapters/lock/record-name.ts';
import { startOf } from './oracle.ts';

/** A lock as the stress sees it: the real one, or one that is known to be bad. */
export interface Contender {
  /** @returns false when it gave up waiting */
  acquire(): Promise<boolean>;
  /** @returns what is wrong, or null */
  release(): Promise<string | null>;
  /** Prepares what a crashed owner would leave. @returns puts it in place, if nobody was faster */
  dead(): Promise<() => Promise<void>>;
  /** How many dead owners it has removed. */
  reclaimed(): number;
}

export const CONTENDERS = {
  ours,
  v0: (lock: string) => bad(lock, false),
  v1: (lock: string) => bad(lock, true),
} as const;

const pause = async (): Promise<true> => {
  // Up to four milliseconds, most of them short: long enough to be overtaken anywhere, short enough to get round.
  const ms = 4 * Math.random() ** 6;
  if (ms < 0.5) await new Promise((resolve) => setImmediate(resolve));
  else await sleep(ms);
  return true;
};

const hex = (digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');

const quietly = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );

/** The real lock over the real file system, with a pause before every call. */
function ours(lock: string): Contender {
  const real = nodeLockDeps({ who: 'stress' });
  let reclaims = 0;
  let releasing = false;
  const fs = paused(real.fs, (path) => {
    if (path.startsWith(`${lock}/`) && !releasing) reclaims++;
  });
  const locks = createLocks({
    ...real,
    fs,
    timings: {
      ...real.timings,
      graceMs: 100,
      napMinMs: 1,
      napMaxMs: 6,
      heartbeatMs: 50,
      // Half of them keep the queue and half do not: it must not matter.
      courtesyMs: Math.random() < 0.5 ? 0 : 20,
    },
  });
  let held: Awaited<ReturnType<typeof locks.acquire>> | undefined;
  return {
    acquire: async () => {
      releasing = false;
      held = await locks.acquire({ path: lock, command: 'stress', waitMs: 60_000 });
      if (!held.ok && held.error.code !== 'lock-held') throw new Error(held.error.message);
      return held.ok;
    },
    release: async () => {
      if (held?.ok !== true) return 'released without holding';
      const fence = await held.value.fence();
      if (!fence.ok) return `${process.pid} lost its record inside`;
      releasing = true;
      const released = await held.value.release();
      return released === 'released' ? null : `${process.pid} released and it was ${released}`;
    },
    dead: async () => {
      const self = await real.identity();
      const dead = [
        { ...self, start: '1' },
        { ...self, pid: 4_000_000 },
        { ...self, boot: hex(16) },
      ][Math.floor(Math.random() * 3)];
      const side = `${lock}.t-${hex(16)}`;
      await mkdir(side);
      await writeFile(`${side}/${formatRecordName(dead ?? self, hex(16))}`, '');
      return async () => {
        const placed = await quietly(mkdir(lock).then(() => rename(side, lock)));
        if (!placed) await rm(side, { recursive: true, force: true });
      };
    },
    reclaimed: () => reclaims,
  };
}

function paused(fs: LockFs, unlinked: (path: string) => void): LockFs {
  return {
    mkdir: async (path) => (await pause(), fs.mkdir(path)),
    writeNew: async (path, text) => (await pause(), fs.writeNew(path, text)),
    rename: async (from, to) => (await pause(), fs.rename(from, to)),
    readdir: async (path) => (await pause(), fs.readdir(path)),
    unlink: async (path) => {
      await pause();
      await fs.unlink(path);
      unlinked(path);
    },
    rmdir: async (path) => (await pause(), fs.rmdir(path)),
    touch: async (path) => (await pause(), fs.touch(path)),
    // Looking at the side folders of all the others decides nothing and would take up most of a run.
    lstat: async (path) => (path.includes('.t-') || (await pause()), fs.lstat(path)),
    read: async (path) => (await pause(), fs.read(path)),
  };
}

/** V0: mkdir, an owner file, and a dead owner's tree is removed. V1 verifies once more just before. */
function bad(lock: string, reverify: boolean): Contender {
  const owner = `${lock}/owner`;
  let reclaims = 0;
  const deadOwner = async (): Promise<string | null> => {
    await pause();
    const text = await readFile(owner, 'utf8').catch(() => '');
    const [pid, start] = text.split(' ');
    if (pid === undefined || start === undefined) return null;
    return (await startOf(Number(pid))) === start ? null : text;
  };
  const removeTree = async (): Promise<void> => {
    await pause();
    for (const name of await readdir(lock).catch(() => [])) await quietly(unlink(`${lock}/${name}`));
    await pause();
    await quietly(rmdir(lock));
  };
  return {
    acquire: async () => {
      for (const end = Date.now() + 5000; Date.now() < end;) {
        await pause();
        if (await quietly(mkdir(lock))) {
          await pause();
          await quietly(writeFile(owner, `${process.pid} ${await startOf(process.pid)}`));
          return true;
        }
        const dead = await deadOwner();
        if (dead === null) {
          await sleep(1 + Math.random() * 4);
        } else if (!reverify || (await deadOwner()) === dead) {
          reclaims++;
          await removeTree();
        }
      }
      // A crash between mkdir and the owner file wedges this one: somebody has to clear it.
      await removeTree();
      return false;
    },
    release: async () => (await removeTree(), null),
    dead: () =>
      Promise.resolve(async () => {
        if (await quietly(mkdir(lock))) await quietly(writeFile(owner, '4000000 1'));
      }),
    reclaimed: () => reclaims,
  };
}
