import { describe, expect, it } from 'vitest';
import { killPoints, straceProblem, traced, type Injection } from './kill-points.ts';
import { WRITERS } from './writers.ts';

/** The same system calls, answered by the kernel's side with an error instead of a kill: nothing of ours stands in between. */
const problem = straceProblem();

describe.each(['error=EIO', 'error=ENOSPC'] as const)(
  '%s at every system call of every writer',
  (injection: Injection) => {
    if (problem !== null) {
      it('cannot be tried here', (test) => {
        test.skip(problem);
      });
      return;
    }

    it.each(WRITERS.map((writer) => [writer.name, writer] as const))(
      '%s',
      { timeout: 300_000 },
      async (_, writer) => {
        for (const point of await killPoints(writer)) {
          const run = await traced(writer, point, injection);
          const where = `${point.syscall} ${point.nth}: ${run.trace}`;
          const [isOld, isNew] = [writer.isOld(run.content), writer.isNew(run.content)];
          // A close that strace refuses leaves the descriptor open in the child; all else is as for a disk that fails.
          expect(isOld || isNew || writer.mayTear(run.content), where).toBe(true);
          if (run.said === true) expect(isNew, `${where}: reported success`).toBe(true);
          expect(run.said, where).not.toBeNull();
          expect(run.recovered, where).toBe(true);
        }
      },
    );
  },
);
