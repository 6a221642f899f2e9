import { describe, expect, it } from 'vitest';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { createVirtualClock } from '../../testing/virtual-clock.ts';
import { LIMITS } from './limits.ts';
import { openRace } from './push-race.ts';

const lost = appError('io', 'lost', 'again', { details: { stderr: 'rejected (fetch first)' } });
const locked = appError('io', 'lost', 'again', {
  details: { stderr: "Unable to create '/srv/r.git/refs/heads/main.lock': File exists" },
});

function race(
  fraction: number,
  limits = LIMITS,
): {
  readonly next: (last: AppError) => number | AppError;
  readonly pass: (ms: number) => Promise<boolean>;
} {
  const clock = createVirtualClock();
  const run = {
    deps: { clock, random: { fraction: () => fraction } },
    limits,
    repo: { tree: '/w' },
  };
  const open = openRace(run, { shown: 'origin', branch: 'main' });
  return { next: (last) => open.lost(last), pass: (ms) => clock.sleep(ms) };
}

describe('a lost race of pushes', () => {
  it('comes sooner after each loss', () => {
    const { next } = race(1);
    expect([1, 2, 3, 4].map(() => next(lost))).toEqual([1_500, 750, 375, 187.5]);
  });

  it('ends when both its tries and its patience are used up', async () => {
    const { next, pass } = race(0);
    for (let tries = 1; tries <= 20; tries++) expect(next(lost)).toBe(0);
    await pass(LIMITS.pushPatienceMs);
    expect(next(lost)).toMatchObject({ code: 'lock-held', message: expect.stringContaining('21 tries') });
  });

  it('of one try says so', async () => {
    const { next, pass } = race(0, { ...LIMITS, pushTries: 1 });
    await pass(LIMITS.pushPatienceMs);
    expect(next(lost)).toMatchObject({ message: expect.stringContaining(' 1 try was too late') });
  });

  it('leaves a lock file in the remote longer each time, and names it soon', () => {
    const { next } = race(1);
    expect([1, 2, 3, 4, 5].map(() => next(locked))).toEqual([400, 800, 1_600, 3_000, 3_000]);
    expect(next(locked)).toMatchObject({
      message: expect.stringContaining('/srv/r.git/refs/heads/main.lock'),
    });
  });

  it('counts lock files in a row only', () => {
    const { next } = race(0);
    for (let round = 0; round < 4; round++) {
      for (let met = 1; met < LIMITS.pushTries; met++) expect(next(locked)).toBe(LIMITS.pushPauseMinMs);
      expect(next(lost)).toBe(0);
    }
  });
});
