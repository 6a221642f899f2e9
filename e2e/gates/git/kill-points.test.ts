import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EFFORT } from '../effort.ts';
import { sample } from '../sample.ts';
import {
  canKillGit,
  countCalls,
  dropFixture,
  findKillPoints,
  fourAtATime,
  killAt,
  killDriver,
  killTwice,
  makeFixture,
  type Fixture,
} from './kill-points.ts';

const { gitKills } = EFFORT.perCommit;
const WHENS = ['before', 'during', 'after'] as const;

describe.each(['moving', 'rebased', 'conflict'] as const)(
  'killed anywhere (%s): the next run recovers by itself',
  (name) => {
    let fixture: Fixture;
    /** Of the driver, in an undisturbed run. */
    let calls: number;
    beforeAll(async () => {
      fixture = makeFixture(name);
      calls = await countCalls(fixture);
    });
    afterAll(() => dropFixture(fixture));

    test(`one kill point of git in ${gitKills.git}`, { timeout: 600_000 }, async ({ skip }) => {
      skip(!canKillGit(), 'needs strace');
      const all = await findKillPoints(fixture);
      const points = sample(all, gitKills.git);
      let killed = 0;
      await fourAtATime(points, async (point) => {
        // A run may make fewer calls than the one that was traced. In a sample the next one then stands for it; a night looks at each.
        const at = all.indexOf(point);
        const stand = all.slice(at, at + Math.min(gitKills.git, 4));
        for (const one of stand)
          if (await killAt(fixture, one)) {
            killed++;
            return;
          }
      });
      console.log(`${name}: ${killed} of ${points.length} points killed`);
      expect(killed).toBeGreaterThan(points.length * 0.8);
    });

    test('the driver killed before, during and after its calls, a sample', { timeout: 600_000 }, async () => {
      const points = Array.from({ length: calls }, (_, at) =>
        WHENS.map((when) => ({ at: at + 1, when })),
      ).flat();
      const some = sample(points, gitKills.driver[name]);
      let killed = 0;
      await fourAtATime(some, async (point) => {
        if (await killDriver(fixture, point)) killed++;
      });
      console.log(`${name}: driver killed ${killed} times, ${points.length} points in all`);
      expect(killed).toBeGreaterThan(0);
      expect(killed).toBe(some.length);
    });

    test('the driver killed, and then the driver that repairs, a sample', { timeout: 600_000 }, async () => {
      // The repairing run makes about as many calls; the pairs spread over both.
      const pairs = Array.from({ length: calls }, (_, at) => [at + 1, 1 + ((at * 7) % 24)] as const);
      const some = sample(pairs, gitKills.repair[name]);
      let killed = 0;
      await fourAtATime(some, async (pair) => {
        // Either run may make fewer calls than the one that was counted: the pair before then stands for it.
        const at = pairs.indexOf(pair);
        const stand = pairs.slice(Math.max(0, at - Math.min(gitKills.repair[name], 4) + 1), at + 1).reverse();
        for (const [one, two] of stand)
          if (await killTwice(fixture, { at: one, when: 'during' }, { at: two, when: 'during' })) {
            killed++;
            return;
          }
      });
      console.log(`${name}: driver and its repair killed ${killed} times`);
      expect(killed).toBeGreaterThan(some.length / 2);
    });
  },
);
