import { expect, test } from 'vitest';
import { soak } from './sessions.ts';

test(
  '4 sessions x 250 saves x 2 clones, killed at random, some told to wait no longer than a moment',
  { timeout: 7_200_000 },
  async () => {
    for (const [seed, waitMs] of [
      [1, 120_000],
      [2, 300],
    ] as const) {
      const result = await soak({ sessions: 4, saves: seed === 1 ? 250 : 30, killOneIn: 60, seed, waitMs });
      console.log(`seed ${seed}: ${JSON.stringify(result)}`);
      expect(result.kills).toBeGreaterThan(0);
    }
  },
);
