import { expect, test } from 'vitest';
import { EFFORT } from '../effort.ts';
import { numberOfCommit } from '../sample.ts';
import { soak } from './sessions.ts';

const { gitSessions } = EFFORT.perCommit;

test(
  `${gitSessions.sessions} sessions x ${gitSessions.saves} saves x 2 clones, killed at random: every log on the remote once`,
  { timeout: 300_000 },
  async () => {
    const seed = numberOfCommit() || 1;
    const result = await soak({ ...gitSessions, seed, waitMs: 60_000, limitMs: 200_000 });
    console.log(`seed ${seed}: ${JSON.stringify(result)}`);
    expect(result.kills).toBeGreaterThan(0);
    expect(result.deferred).toBeGreaterThan(0);
  },
);
