import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { nodeLocks } from '../../../main/adapters/lock/node-locks.ts';
import { LOCK_NAME } from '../../../main/core/ports/lock.ts';
import { howFar } from '../../../main/testing/how-far.ts';
import { makeDiskFolder } from '../disk-folder.ts';
import { EFFORT } from '../effort.ts';
import type { CONTENDERS } from './processes/contenders.ts';
import type { WorkerNews } from './processes/stress-worker.ts';

export interface StressOptions {
  readonly protocol: keyof typeof CONTENDERS;
  readonly workers: number;
  /** The run ends when all three are reached… */
  readonly acquisitions: number;
  readonly reclaims: number;
  readonly kills: number;
  /** …or at the first violation, or after so many seconds. */
  readonly secondsMax: number;
}

export interface StressReport {
  readonly acquired: number;
  readonly reclaimed: number;
  readonly killed: number;
  readonly violations: readonly string[];
  readonly seconds: number;
  /** Could the real lock be taken once more after everybody had gone? */
  readonly healed: boolean;
}

/** What a run of every commit has to reach. */
export const PER_COMMIT: StressOptions = {
  protocol: 'ours',
  // Enough to overtake each other at every call; more of them mostly look at a lock that they cannot have.
  workers: 5,
  ...EFFORT.perCommit.lockStress,
};

const WORKER = fileURLToPath(new URL('processes/stress-worker.ts', import.meta.url));

/**
 * Real processes on a real disk: contenders that pause before every call, dead owners planted after most releases,
 * one of the contenders killed ever so often. A hard link tells whether two were ever inside together.
 */
export async function stress(options: StressOptions): Promise<StressReport> {
  const folder = makeDiskFolder('lock-stress-');
  mkdirSync(join(folder, 'lock'));
  mkdirSync(join(folder, 'oracle'));
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const total = { acquired: 0, reclaimed: 0, killed: 0 };
  const step = howFar('acquisitions of the lock', options.acquisitions);
  const violations: string[] = [];
  const workers = new Set<ChildProcess>();
  let killAt = 0;

  const start = (): void => {
    const worker = fork(WORKER, [folder, options.protocol], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    workers.add(worker);
    worker.on('message', (news: WorkerNews) => {
      total.acquired += news.acquired;
      for (let n = 0; n < news.acquired; n++) step();
      total.reclaimed += news.reclaimed;
      violations.push(...news.violations);
      check();
    });
    // Not its exit, which can be told before its last news.
    worker.on('close', (code, signal) => {
      workers.delete(worker);
      if (signal === null && code !== 0) violations.push(`a worker ended with ${code}`);
      if (!ended) start();
      else if (workers.size === 0) allGone();
    });
  };

  let ended = false;
  let allGone: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    allGone = resolve;
  });
  const end = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    // One that was killed a moment ago cannot be told any more; its exit is on its way.
    for (const worker of workers) worker.send('stop', () => undefined);
  };
  const timer = setTimeout(end, options.secondsMax * 1000);
  const check = (): void => {
    const { acquired, reclaimed, killed } = total;
    // Kills are spread over the run as its acquisitions come in.
    if (!ended && killed < options.kills && acquired >= killAt) {
      killAt += options.acquisitions / options.kills;
      const [victim] = [...workers].sort(() => Math.random() - 0.5);
      if (victim?.kill('SIGKILL') === true) total.killed++;
    }
    const reached =
      acquired >= options.acquisitions && reclaimed >= options.reclaims && total.killed >= options.kills;
    if (reached || violations.length > 0) end();
  };

  for (let n = 0; n < options.workers; n++) start();
  await gone;
  const healed = options.protocol !== 'ours' || (await canBeTaken(join(folder, 'lock', LOCK_NAME)));
  rmSync(folder, { recursive: true, force: true });
  return { ...total, violations, seconds: seconds(), healed };
}

async function canBeTaken(path: string): Promise<boolean> {
  const locks = nodeLocks({ who: 'stress' });
  const taken = await locks.acquire({ path, command: 'after the stress', waitMs: 15_000 });
  if (taken.ok) await taken.value.release();
  return taken.ok;
}

/** One line of figures. */
export function describeStress({ acquired, reclaimed, killed, violations, seconds }: StressReport): string {
  return (
    `${acquired} acquisitions, ${reclaimed} reclaims, ${killed} SIGKILLs, ` +
    `${violations.length} violations in ${seconds.toFixed(1)} s`
  );
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      protocol: { type: 'string', default: PER_COMMIT.protocol },
      workers: { type: 'string', default: String(PER_COMMIT.workers) },
      acquisitions: { type: 'string', default: String(PER_COMMIT.acquisitions) },
      reclaims: { type: 'string', default: String(PER_COMMIT.reclaims) },
      kills: { type: 'string', default: String(PER_COMMIT.kills) },
      seconds: { type: 'string', default: String(PER_COMMIT.secondsMax) },
    },
  });
  const report = await stress({
    protocol: values.protocol as StressOptions['protocol'],
    workers: Number(values.workers),
    acquisitions: Number(values.acquisitions),
    reclaims: Number(values.reclaims),
    kills: Number(values.kills),
    secondsMax: Number(values.seconds),
  });
  console.log(`${values.protocol}: ${describeStress(report)}`);
  for (const violation of report.violations.slice(0, 10)) console.log(`  ${violation}`);
  if (report.violations.length > 0) return 1;
  const reached =
    report.acquired >= Number(values.acquisitions) && report.reclaimed >= Number(values.reclaims);
  if (!reached) console.log('  the figures asked for were not reached in time');
  if (!report.healed) console.log('  the lock could not be taken afterwards');
  return reached && report.healed ? 0 : 2;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
