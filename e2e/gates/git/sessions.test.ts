import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { EFFORT } from '../effort.ts';
import { soak } from './sessions.ts';

test(
  '4 sessions x 15 saves x 2 clones, killed at random: every log on the remote once',
  { timeout: 300_000 },
  async () => {
    const head = spawnSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    }).stdout;
    const seed = Number.parseInt(head.slice(0, 8), 16) || 1;
    const result = await soak({ ...EFFORT.perCommit.gitSessions, seed, waitMs: 60_000, limitMs: 200_000 });
    console.log(`seed ${seed}: ${JSON.stringify(result)}`);
    expect(result.kills).toBeGreaterThan(0);
    expect(result.deferred).toBeGreaterThan(0);
  },
);
