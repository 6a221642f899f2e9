import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { killPoints, straceProblem, traced, type KillPoint } from './kill-points.ts';
import { WRITERS } from './writers.ts';

/** Every system call of every writer, by the kernel's count: a real process is killed there, and what it left is looked at. */
const problem = straceProblem();

describe('SIGKILL at every system call of every writer', () => {
  if (problem !== null) {
    it('cannot be tried here', (test) => {
      test.skip(problem);
    });
    return;
  }

  it.each(WRITERS.map((writer) => [writer.name, writer] as const))('%s', async (_, writer) => {
    const points = await killPoints(writer);
    expect(points.length).toBeGreaterThan(3);
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
    console.log(`${writer.name}: killed at ${points.length} system calls: ${JSON.stringify(left)}`);
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
