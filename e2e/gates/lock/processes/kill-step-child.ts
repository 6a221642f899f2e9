import { createLocks } from '../../../../main/adapters/lock/create-locks.ts';
import type { LockFs } from '../../../../main/adapters/lock/lock-fs.ts';
import { nodeLockDeps } from '../../../../main/adapters/lock/node-locks.ts';

/*
 * Takes, fences and releases the lock once, and kills itself just before its n-th file system call. Without a number
 * it lives, and prints the calls it made, one a line.
 */
const [path = '', older = '', killBefore = ''] = process.argv.slice(2);
const real = nodeLockDeps({ who: 'victim' });
const calls: string[] = [];

function counted(fs: LockFs): LockFs {
  const before = (call: string): void => {
    calls.push(call);
    if (String(calls.length) === killBefore) process.kill(process.pid, 'SIGKILL');
  };
  return {
    mkdir: (at) => (before('mkdir'), fs.mkdir(at)),
    writeNew: (at, text) => (before('writeNew'), fs.writeNew(at, text)),
    rename: (from, to) => (before('rename'), fs.rename(from, to)),
    readdir: (at) => (before('readdir'), fs.readdir(at)),
    unlink: (at) => (before('unlink'), fs.unlink(at)),
    rmdir: (at) => (before('rmdir'), fs.rmdir(at)),
    touch: (at) => (before('touch'), fs.touch(at)),
    lstat: (at) => (before('lstat'), fs.lstat(at)),
    read: (at) => (before('read'), fs.read(at)),
  };
}

const locks = createLocks({
  ...real,
  fs: counted(real.fs),
  timings: { ...real.timings, graceMs: 100, napMinMs: 10 },
});
const alsoHonour = older === '' ? [] : [older];
const taken = await locks.acquire({ path, alsoHonour, command: 'victim', waitMs: 5000 });
if (!taken.ok) throw new Error(taken.error.message);
const fence = await taken.value.fence();
const released = await taken.value.release();
if (!fence.ok || released !== 'released') throw new Error(released);
console.log(calls.join('\n'));
