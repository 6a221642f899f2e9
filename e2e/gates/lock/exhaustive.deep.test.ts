import { describe, it } from 'vitest';

import { EFFORT } from '../effort.ts';
import { expectSound, prove, proveRandomly } from './explorer/proofs.ts';
import { STARTS } from './explorer/real-lock.ts';

const LIMIT = 3_600_000;
const SEEDS = Array.from({ length: EFFORT.deep.lockSeeds }, (_, n) => n + 1);
const REDUCED = { quietSides: true, alike: true } as const;

describe('the real lock, more of everything', () => {
  it.each(Object.keys(STARTS))(
    'two processes, every order, two crashes: %s',
    async (start) => {
      const report = await prove({ ...REDUCED, processes: 2, start, crashes: 2, waitMs: 100 });
      expectSound(report, ['released', 'crashed', 'lock-held']);
    },
    LIMIT,
  );

  it.each(Object.keys(STARTS))(
    'three processes, three pre-emptions, a crash before any turn: %s',
    async (start) => {
      const report = await prove({ ...REDUCED, processes: 3, start, preemptions: 3, crashes: 1 });
      expectSound(report, ['released', 'crashed', 'lock-held']);
    },
    LIMIT,
  );

  it.each(Object.keys(STARTS))(
    'three processes, three pre-emptions, longer waits: %s',
    async (start) => {
      const report = await prove({ ...REDUCED, processes: 3, start, preemptions: 3, waitMs: 100 });
      expectSound(report, ['released', 'lock-held']);
    },
    LIMIT,
  );

  it.each(['posix', 'windows'] as const)(
    'four processes, 100,000 random orders with crashes and lost replies: %s',
    async (platform) => {
      for (const start of Object.keys(STARTS)) {
        const losses = platform === 'posix' ? 1 : 0;
        const four = { platform, processes: 4, start, rounds: 2, crashes: 2, losses, courtesyMs: 60 };
        expectSound(await proveRandomly(four, SEEDS), ['released', 'crashed', 'lock-held']);
      }
    },
    LIMIT,
  );
});
