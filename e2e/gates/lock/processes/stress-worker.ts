import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { LOCK_NAME } from '../../../../main/core/ports/lock.ts';
import { CONTENDERS } from './contenders.ts';
import { oracle } from './oracle.ts';

/** What a worker tells the one who started it. */
export interface WorkerNews {
  readonly acquired: number;
  readonly reclaimed: number;
  readonly violations: readonly string[];
}

const PLANT = 0.6;
const NEWS_EVERY = 10;

/*
 * One contender: takes the lock, goes inside, comes out, leaves a dead owner behind more often than not, and again,
 * until it is told to stop or killed.
 */
const [folder = '', protocol = 'ours'] = process.argv.slice(2);
const lock = join(folder, 'lock', LOCK_NAME);
const contender = CONTENDERS[protocol as keyof typeof CONTENDERS](lock);
const inside = await oracle(join(folder, 'oracle'));
let stopping = false;
let told = { acquired: 0, reclaimed: 0 };
let acquired = 0;
let violations: string[] = [];

process.on('message', () => {
  stopping = true;
});
// Whoever started us is gone.
process.on('disconnect', () => process.exit(stopping ? 0 : 1));

while (!stopping) {
  if (!(await contender.acquire())) continue;
  acquired++;
  const met = await inside.enter();
  if (Math.random() < 0.3) await sleep(1);
  const left = met === null ? await inside.leave() : null;
  const plant = Math.random() < PLANT ? await contender.dead() : null;
  const released = await contender.release();
  await plant?.();
  violations.push(...[met, left, released].filter((wrong) => wrong !== null));
  if (violations.length > 0 || acquired - told.acquired >= NEWS_EVERY) tell();
}
tell();
process.disconnect();

function tell(): void {
  const reclaimed = contender.reclaimed();
  const news: WorkerNews = {
    acquired: acquired - told.acquired,
    reclaimed: reclaimed - told.reclaimed,
    violations,
  };
  told = { acquired, reclaimed };
  violations = [];
  process.send?.(news);
}
