import { expect, it } from 'vitest';

import { describeStress, PER_COMMIT, stress } from './stress.ts';

/*
 * LOCK_STRESS=100 makes it the run of a night: 1,000,000 acquisitions, 300,000 reclaims, 5,000 SIGKILLs. Ten times
 * the run of a commit without it.
 */
const TIMES = Number(process.env['LOCK_STRESS'] ?? 10);

it(
  'real processes never met inside the lock in a long run',
  async () => {
    const report = await stress({
      ...PER_COMMIT,
      acquisitions: PER_COMMIT.acquisitions * TIMES,
      reclaims: PER_COMMIT.reclaims * TIMES,
      kills: PER_COMMIT.kills * TIMES,
      secondsMax: PER_COMMIT.secondsMax * TIMES,
    });
    console.log(describeStress(report));
    expect(report.violations).toEqual([]);
    expect(report.healed).toBe(true);
    expect(report.acquired).toBeGreaterThanOrEqual(PER_COMMIT.acquisitions * TIMES);
    expect(report.reclaimed).toBeGreaterThanOrEqual(PER_COMMIT.reclaims * TIMES);
  },
  PER_COMMIT.secondsMax * TIMES * 1000 + 60_000,
);
