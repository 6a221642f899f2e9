import { expect, test } from 'vitest';
import { EFFORT } from '../effort.ts';
import { soak } from './sessions.ts';

test(
  '4 sessions x 250 saves x 2 clones, killed at random: every log on the remote once',
  { timeout: 7_200_000 },
  async () => {
    const result = await soak({ ...EFFORT.deep.gitSessions, seed: 1, waitMs: 120_000, limitMs: 3_000_000 });
    console.log(JSON.stringify(result));
    expect(result.kills).toBeGreaterThan(50);
    expect(result.deferred).toBeGreaterThan(0);
  },
);
