import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const at = (failures: number, fraction: number): number => backoffMs(failures, { fraction: () => fraction });

describe('the wait after failures', () => {
  it('doubles with each failure up to a quarter of an hour, and stays there', () => {
    expect([1, 2, 3, 4, 8, 40, 4_000].map((failures) => at(failures, 1) / 1_000)).toEqual([
      10, 20, 40, 80, 900, 900, 900,
    ]);
  });

  it('is anything below that, so that machines do not come back together, and never under a second', () => {
    expect(at(3, 0.5)).toBe(20_000);
    expect(at(3, 0)).toBe(1_000);
  });
});
