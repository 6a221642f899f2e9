import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { howOften } from '../../../main/testing/how-often.ts';
import { sample } from '../sample.ts';
import { killPoints, straceProblem, traced, type KillPoint } from './kill-points.ts';
import { WRITERS } from './writers.ts';

/**
 * The system calls of every writer, by the kernel's count: a real process is killed there, and what it left is looked at. A fourth of the
 * calls with each commit, and the first, which leaves the old content; all of them in `npm run test:deep`.
 */
const EVERY = howOften(4, 1);
const problem = straceProblem();

describe('SIGKILL at the system calls of every writer', () => {
  if (problem !== null) {
    it('cannot be tried here', (test) => {
      test.skip(problem);
    });
    return;
  }

  it.each(WRITERS.map((writer) => [writer.name, writer] as const))('%s', async (_, writer) => {
    const all = await killPoints(writer);
    expect(all.length).toBeGreaterThan(3);
    const points = [...new Set([...all.slice(0, 1), ...sample(all, EVERY)])];
    const left = { old: 0, new: 0, torn: 0 };
    await eachOf(points, async (point) => {
      const run = await traced(writer, point);
      const where = `${point.syscall} ${point.nth}: ${run.trace}`;
      expect(run.killed, where).toBe(true);
      const isOld = writer.isOld(run.content);
      const isNew = writer.isNew(run.content);
      expect(isOld || isNew || writer.mayTear(run.content), where).toBe(true);
      left[isOld ? 'old' : isNew ? 'new' : 'torn'] += 1;
      expect(run.recovered, where).toBe(true);
    });
    console.log(
      `${writer.name}: killed at ${points.length} of ${all.length} system calls: ${JSON.stringify(left)}`,
    );
    // Both must have been seen, or the kills came all too early or all too late.
    expect(left.old).toBeGreaterThan(0);
  });
});

async function eachOf(points: readonly KillPoint[], run: (point: KillPoint) => Promise<void>): Promise<void> {
  const queue = [...points];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
}
