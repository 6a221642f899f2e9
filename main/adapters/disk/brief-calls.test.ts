import { expect, it } from 'vitest';
import { briefCalls } from './brief-calls.ts';
import { asyncDisk, syncDisk } from './disk.ts';

/** Tells which of the two was called. */
function world() {
  const told: string[] = [];
  const telling = <C extends object>(calls: C, who: string): C =>
    new Proxy(calls, {
      get: (target, key) => () => {
        void target;
        told.push(`${who} ${String(key)}`);
        return 1;
      },
    });
  let at = 0;
  const calls = briefCalls(telling(asyncDisk, 'pool'), telling(syncDisk, 'here'), () => at);
  return { told, calls, pass: (ms: number) => (at += ms) };
}

it('goes on this thread for a few milliseconds, and then lets the event loop have its turn', async () => {
  const { told, calls, pass } = world();
  pass(1);
  await calls.open('/a', 0, 0);
  await calls.fstat(1);
  pass(3);
  await calls.read(1, new Uint8Array(8), 0, 8, null);
  pass(1);
  await calls.close(1);
  await calls.lstat('/a');
  expect(told).toEqual(['pool open', 'here fstat', 'here read', 'pool close', 'here lstat']);
});

it('leaves large reads and every change to the pool', async () => {
  const { told, calls, pass } = world();
  pass(1);
  await calls.lstat('/a');
  await calls.read(1, new Uint8Array(70_000), 0, 70_000, null);
  await calls.fsync(1);
  await calls.rename('/a', '/b');
  expect(told.slice(1)).toEqual(['pool read', 'pool fsync', 'pool rename']);
});
