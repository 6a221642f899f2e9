/**
 * The real driver as a process of its own, so that it can be killed: `node driver.ts '<json>'`. Prints one line of JSON. With `die` it kills
 * itself around the n-th call that leaves it.
 */
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import { nodeLocks } from '../../../main/adapters/lock/node-locks.ts';
import { createNodeFiles } from '../../../main/adapters/disk/node-files.ts';
import { createNodeClock } from '../../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../../main/adapters/system/node-random.ts';
import { gitSync } from '../../../main/core/git-sync/git-sync.ts';
import { exitCodeOfReport } from '../../../main/cli/git-receipt.ts';
import { exitCodeOf } from '../../../shared/app-error.ts';
import { IDENTITY, SHORT } from './world.ts';

export interface DriverOrder {
  readonly tree: string;
  readonly own: readonly string[] | 'all';
  readonly die: { readonly at: number; readonly when: 'before' | 'during' | 'after' } | null;
}

/** What the process prints when it lives to the end. */
export interface DriverAnswer {
  readonly code: number;
  readonly calls: number;
}

const order = JSON.parse(process.argv[2] ?? '') as DriverOrder;
let calls = 0;

/** Counts a call of the driver to the outside, and dies around the one that is due. */
async function step<T>(call: () => Promise<T>): Promise<T> {
  const due = ++calls === order.die?.at;
  if (due && order.die?.when === 'before') process.kill(process.pid, 'SIGKILL');
  const running = call();
  // The child has been spawned by now, and outlives us.
  if (due && order.die?.when === 'during') process.kill(process.pid, 'SIGKILL');
  const done = await running;
  if (due && order.die?.when === 'after') process.kill(process.pid, 'SIGKILL');
  return done;
}

/** Wraps every method of a port. */
function counted<Port extends object>(port: Port, names: readonly (keyof Port)[]): Port {
  const wrapped: Partial<Port> = {};
  for (const name of names) {
    const method = port[name] as (...args: unknown[]) => Promise<unknown>;
    wrapped[name] = ((...args: unknown[]) => step(() => method.apply(port, args))) as Port[keyof Port];
  }
  return { ...port, ...wrapped };
}

const result = await gitSync(
  {
    git: counted(gitCli({ env: process.env, graceMs: 300 }), ['run']),
    locks: nodeLocks({ who: 'mike' }),
    files: counted(createNodeFiles(), ['append', 'replace', 'remove', 'move']),
    clock: createNodeClock(),
    random: createNodeRandom(),
    limits: SHORT,
  },
  { workspace: order.tree, own: order.own, identity: IDENTITY, waitMs: 20_000 },
);
const answer: DriverAnswer = {
  code: result.ok ? exitCodeOfReport(result.value) : exitCodeOf(result.error),
  calls,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
