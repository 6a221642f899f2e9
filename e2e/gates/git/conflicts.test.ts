import { afterAll, beforeAll, expect, test } from 'vitest';
import { howFar } from '../../../main/testing/how-far.ts';
import { howOften } from '../../../main/testing/how-often.ts';
import { numberOfCommit } from '../sample.ts';
import { conflictTemplate, randomPair } from './conflicts.ts';
import { dropWorld, type World } from './world.ts';

const PAIRS = howOften(12, 2_000);
let template: World;
beforeAll(() => {
  template = conflictTemplate();
});
afterAll(() => dropWorld(template));

test(
  `${PAIRS} random pairs of edits come together or leave the tree as it was`,
  { timeout: PAIRS * 10_000 },
  async () => {
    const first = numberOfCommit() >>> 4 || 1;
    const seen = { together: 0, conflict: 0 };
    // The fourth is a conflict and the fifth is none, so that both are seen whatever the commit's own come to.
    for (const seed of [4, 5]) seen[await randomPair(template, seed)]++;
    const step = howFar('random pairs of edits', PAIRS);
    for (let seed = first; seed < first + PAIRS - 2; seed++) {
      seen[await randomPair(template, seed)]++;
      step();
    }
    console.log(`from seed ${first}: ${JSON.stringify(seen)}`);
    expect(Math.min(seen.together, seen.conflict)).toBeGreaterThan(howOften(0, 200));
  },
);
