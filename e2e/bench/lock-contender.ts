import { once } from 'node:events';
import { setTimeout as work } from 'node:timers/promises';
import { nodeLocks } from '../../main/adapters/lock/node-locks.ts';

/* One of several processes that want the same lock over and over, until told to stop; says how often it had it. */
const [path = '', workMs = '5'] = process.argv.slice(2);
const locks = nodeLocks({ who: 'bench' });
let stopped = false;
let served = 0;

process.send?.('ready');
await once(process, 'message');
process.once('message', () => {
  stopped = true;
});
while (!stopped) {
  const held = await locks.acquire({ path, command: 'bench', waitMs: 120_000 });
  if (!held.ok) throw new Error(held.error.message);
  // Who gets it after the end has waited like the others and does not count.
  if (!stopped) served++;
  await work(stopped ? 0 : Number(workMs));
  if ((await held.value.release()) !== 'released') throw new Error('the lock was lost');
}
process.send?.(served);
process.disconnect();
