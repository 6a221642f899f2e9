import { describe, it } from 'vitest';

import { howOften } from '../../../main/testing/how-often.ts';
import { EFFORT } from '../effort.ts';
import { expectSound, prove, proveRandomly } from './explorer/proofs.ts';
import { STARTS } from './explorer/real-lock.ts';

const LIMIT = 240_000;
const REDUCED = { processes: 3, quietSides: true, alike: true } as const;
/** Three are tried by `npm run test:deep`. */
const PREEMPTIONS = howOften(2, 3);
const SEEDS = Array.from({ length: EFFORT.perCommit.lockSeeds }, (_, n) => n + 1);

describe('the real lock, three processes', () => {
  it.each(Object.keys(STARTS))(
    `holds in every order of turns with at most ${PREEMPTIONS} pre-emptions: %s`,
    async (start) => {
      expectSound(await prove({ ...REDUCED, start, preemptions: PREEMPTIONS }), ['released', 'lock-held']);
    },
    LIMIT,
  );

  it.each(['dead owner', 'nothing', 'old empty folder'].slice(0, howOften(1, 3)))(
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
        preemptions: howOften(1, 2),
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
