import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { push } from '../sync/push.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshFor } from './refresh-local.ts';

const [A, B] = [testUuid('a'), testUuid('b')];
let world: TestWorld;
let a: TestMachine;
let looks: number;

beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  looks = 0;
  const b = world.machine('b');
  await b.write('of-b.md', 'b\n');
  allDone(await push(b.deps));
  allDone(await pullIndex(a.deps));
  await a.write('of-a.md', 'a\n');
});
afterEach(() => world.end());

/** The machine with its looks at the log folder counted. */
function counted(): SyncDeps {
  const { files } = a.deps;
  const scanLogs: typeof files.scanLogs = (...given) => {
    looks++;
    return files.scanLogs(...given);
  };
  return { ...a.deps, files: { ...files, scanLogs } };
}

it('A question about other machines alone does not look at the own folder.', async () => {
  unwrap(await refreshFor(counted(), [B]));
  expect(looks).toBe(0);
  expect(unwrap(await a.deps.index.page({ machines: [B] })).total).toBe(1);
});

it('A question about everybody, or about this machine too, does.', async () => {
  for (const machines of [[], [A], [A, B]]) {
    const before = looks;
    unwrap(await refreshFor(counted(), machines));
    expect(looks, machines.join()).toBeGreaterThan(before);
  }
  expect(unwrap(await a.deps.index.page({ machines: [A] })).total).toBe(1);
});
