import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nodeLocks } from '../../main/adapters/lock/node-locks.ts';
import { LOCK_NAME, OLDER_LOCK_NAMES } from '../../main/core/ports/lock.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './measured-process.ts';

const ROUNDS = 500;
const CONTENDERS = 8;
/** Long beside the longest nap of a waiter (1 s), so that chance evens out. */
const CONTENTION_MS = 60_000;
/** About what a git sync takes: with shorter work chance alone is fair, and nobody needs a queue. */
const WORK_MS = 200;
const CONTENDER = fileURLToPath(new URL('lock-contender.ts', import.meta.url));
/** Beside this file: a temporary folder may lie in memory, and a lock in a repository does not. */
const PLACE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** The lock of the git sync: alone, and wanted by eight processes at once. */
export async function lockBench(): Promise<BenchRow[]> {
  mkdirSync(PLACE, { recursive: true });
  const folder = mkdtempSync(join(PLACE, 'lock-bench-'));
  try {
    return [
      await alone('lock: acquire and release, nobody else', folder, []),
      await alone('lock: the same, with the older name held too', folder, OLDER_LOCK_NAMES),
      ...(await contended(folder)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function alone(name: string, folder: string, olders: readonly string[]): Promise<BenchRow> {
  const locks = nodeLocks({ who: 'bench' });
  const request = {
    path: join(folder, LOCK_NAME),
    alsoHonour: olders.map((older) => join(folder, older)),
    command: 'bench',
    waitMs: 0,
  };
  const times: number[] = [];
  for (let round = -20; round < ROUNDS; round++) {
    const begun = performance.now();
    const held = await locks.acquire(request);
    if (!held.ok) throw new Error(held.error.message);
    if ((await held.value.release()) !== 'released') throw new Error('the lock was lost');
    if (round >= 0) times.push(performance.now() - begun);
  }
  const value = median(times);
  return { name, value, unit: 'ms', peer: null, ratio: null, target: 'under 3 ms', ok: value < 3 };
}

/** How often each of eight had the lock while all of them wanted it all the time. */
async function contended(folder: string): Promise<BenchRow[]> {
  const children = Array.from({ length: CONTENDERS }, () =>
    fork(CONTENDER, [join(folder, LOCK_NAME), String(WORK_MS)]),
  );
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    for (const child of children) child.send('start');
    await pause(CONTENTION_MS);
    const answers = children.map((child) => answerOf(child));
    for (const child of children) child.send('stop');
    const served = await Promise.all(answers);
    const [least, most] = [Math.min(...served), Math.max(...served)];
    const name = `lock: ${CONTENDERS} contenders for ${CONTENTION_MS / 1000} s`;
    return [
      {
        name: `${name}, served the least (${served.join(' ')})`,
        value: least,
        unit: 'times',
        peer: null,
        ratio: null,
        target: 'every one served',
        ok: least > 0,
      },
      {
        name: `${name}, most to least`,
        value: most,
        unit: 'times',
        peer: least,
        ratio: most / least,
        target: 'at most 2x',
        ok: most <= 2 * least,
      },
    ];
  } finally {
    for (const child of children) child.kill();
  }
}

async function answerOf(child: ChildProcess): Promise<number> {
  const [served] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`a contender ended with ${String(code)}`);
    }),
  ])) as [number];
  return served;
}
