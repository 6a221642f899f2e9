import { afterAll, beforeAll, expect, test } from 'vitest';
import { howFar } from '../../../main/testing/how-far.ts';
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

const HOUR_MS = 3_600_000;

/** Keeps a failure and shows it at once: a whole run takes long, and the first one tells most. */
function note(failed: string[], error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  failed.push(message);
  console.log(message);
}

/**
 * Declares the tests of a night around one fixture: killed everywhere, the next run recovers by itself. Each fixture has a file of its own, so
 * that each comes to its end in a part of the night.
 */
export function killEverywhere(name: Fixture['name']): void {
  let fixture: Fixture;
  beforeAll(() => {
    fixture = makeFixture(name);
  });
  afterAll(() => dropFixture(fixture));

  test('all kill points of git, with the driver and without', { timeout: HOUR_MS }, async ({ skip }) => {
    skip(!canKillGit(), 'needs strace');
    const points = await findKillPoints(fixture);
    const both = points.flatMap((point) => [point, { ...point, driverToo: !point.driverToo }]);
    const failed: string[] = [];
    let killed = 0;
    const step = howFar(`${name}, git killed`, both.length);
    await fourAtATime(both, async (point) => {
      try {
        if (await killAt(fixture, point)) killed++;
      } catch (error) {
        note(failed, error);
      }
      step();
    });
    console.log(`${name}: ${killed} of ${both.length} points killed, ${failed.length} not recovered`);
    expect(failed).toEqual([]);
    expect(killed).toBeGreaterThan(both.length * 0.8);
  });

  test('the driver killed before, during and after each of its calls', { timeout: HOUR_MS }, async () => {
    const calls = await countCalls(fixture);
    const failed: string[] = [];
    let killed = 0;
    const step = howFar(`${name}, the driver killed`, calls);
    await fourAtATime(
      Array.from({ length: calls }, (_, at) => at + 1),
      async (at) => {
        for (const when of ['before', 'during', 'after'] as const) {
          try {
            if (await killDriver(fixture, { at, when })) killed++;
          } catch (error) {
            note(failed, error);
          }
        }
        step();
      },
    );
    console.log(`${name}: driver killed ${killed} times in ${calls} calls, ${failed.length} not recovered`);
    expect(failed).toEqual([]);
    expect(killed).toBe(calls * 3);
  });

  test('the driver killed anywhere, and then the driver that repairs', { timeout: HOUR_MS }, async () => {
    const calls = await countCalls(fixture);
    const pairs = Array.from(
      { length: calls * 12 },
      (_, at) => [1 + (at % calls), 1 + Math.floor(at / calls) * 3] as const,
    );
    const failed: string[] = [];
    let killed = 0;
    const step = howFar(`${name}, the driver and its repair killed`, pairs.length);
    await fourAtATime(pairs, async ([one, two]) => {
      try {
        if (await killTwice(fixture, { at: one, when: 'during' }, { at: two, when: 'during' })) killed++;
      } catch (error) {
        note(failed, error);
      }
      step();
    });
    console.log(`${name}: driver and its repair killed ${killed} times, ${failed.length} not recovered`);
    expect(failed).toEqual([]);
    expect(killed).toBeGreaterThan(0);
  });
}
