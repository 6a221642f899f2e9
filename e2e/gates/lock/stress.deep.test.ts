import { expect, it } from 'vitest';

import { EFFORT } from '../effort.ts';
import { describeStress, PER_COMMIT, stress } from './stress.ts';

const { lockStress } = EFFORT.deep;

it(
  'real processes never met inside the lock in a long run',
  async () => {
    const report = await stress({ ...PER_COMMIT, ...lockStress });
    console.log(describeStress(report));
    expect(report.violations).toEqual([]);
    expect(report.healed).toBe(true);
    expect(report.acquired).toBeGreaterThanOrEqual(lockStress.acquisitions);
    expect(report.reclaimed).toBeGreaterThanOrEqual(lockStress.reclaims);
    expect(report.killed).toBeGreaterThanOrEqual(lockStress.kills);
  },
  lockStress.secondsMax * 1000 + 60_000,
);
