import { describe, it } from 'vitest';

import { expectSound, prove } from './explorer/proofs.ts';
import { STARTS } from './explorer/real-lock.ts';

const LIMIT = 240_000;
const REDUCED = { processes: 2, quietSides: true, alike: true } as const;

describe('the real lock, two processes', () => {
  it.each(Object.keys(STARTS))(
    'holds in every order of turns, a crash before any of them: %s',
    async (start) => {
      const report = await prove({ ...REDUCED, start, crashes: 1 });
      expectSound(report, ['released', 'crashed', 'lock-held']);
    },
    LIMIT,
  );

  it.each(['nothing', 'dead owner'])(
    'holds in every order of turns where rename never replaces a folder: %s',
    async (start) => {
      const report = await prove({ ...REDUCED, start, platform: 'windows', crashes: 1, jumps: 1 });
      expectSound(report, ['released', 'crashed']);
    },
    LIMIT,
  );

  it.each(Object.keys(STARTS))(
    'holds when a call worked and its reply was lost: %s',
    async (start) => {
      const report = await prove({ ...REDUCED, start, losses: 1, preemptions: 3 });
      expectSound(report, ['released', 'lost', 'lock-held']);
    },
    LIMIT,
  );

  it.each(['nothing', 'dead owner'])(
    'holds when every call is a turn and the queue is kept: %s',
    async (start) => {
      const report = await prove({ processes: 2, start, courtesyMs: 60, preemptions: 3, crashes: 0 });
      expectSound(report, ['released', 'lock-held']);
    },
    LIMIT,
  );
});
