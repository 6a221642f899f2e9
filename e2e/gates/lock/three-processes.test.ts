import { describe, it } from 'vitest';

import { EFFORT } from '../effort.ts';
import { expectSound, prove, proveRandomly } from './explorer/proofs.ts';
import { STARTS } from './explorer/real-lock.ts';

const LIMIT = 240_000;
const REDUCED = { processes: 3, quietSides: true, alike: true } as const;
const SEEDS = Array.from({ length: EFFORT.perCommit.lockSeeds }, (_, n) => n + 1);

describe('the real lock, three processes', () => {
  it.each(Object.keys(STARTS))(
    'holds in every order of turns with at most three pre-emptions: %s',
    async (start) => {
      expectSound(await prove({ ...REDUCED, start, preemptions: 3 }), ['released', 'lock-held']);
    },
    LIMIT,
  );

  it.each(['nothing', 'dead owner', 'old empty folder'])(
    'holds with at most two pre-emptions and a crash before any turn: %s',
    async (start) => {
      const report = await prove({ ...REDUCED, start, preemptions: 2, crashes: 1 });
      expectSound(report, ['released', 'crashed', 'lock-held']);
    },
    LIMIT,
  );

  it(
    'holds when every call is a turn and the queue is kept',
    async () => {
      const report = await prove({
        processes: 3,
        start: 'dead owner',
        courtesyMs: 60,
        preemptions: 2,
        jumps: 1,
      });
      expectSound(report, ['released']);
    },
    LIMIT,
  );
});

describe('the real lock, four processes', () => {
  it.each(Object.keys(STARTS))(
    'holds in random orders with crashes and lost replies: %s',
    async (start) => {
      const four = { processes: 4, start, rounds: 2, crashes: 2, losses: 1, courtesyMs: 60 };
      expectSound(await proveRandomly(four, SEEDS), ['released', 'crashed', 'lock-held']);
    },
    LIMIT,
  );
});
