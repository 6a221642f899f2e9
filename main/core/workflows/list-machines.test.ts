import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { push } from '../sync/push.ts';
import { listMachines } from './list-machines.ts';
import { pullIndex } from './pull-index.ts';
import { status } from './status.ts';

let world: TestWorld;
let a: TestMachine;
beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  await a.write('2026-01-05-mara-one.md', '# One\n');
});
afterEach(() => world.end());

it('lists this machine with the logs of its disk, before anything was pushed, and has status know them', async () => {
  expect(unwrap(await status(a.base)).machines).toBeNull();
  expect(unwrap(await listMachines(a.base))).toMatchObject([{ host: 'host-a', own: true, logs: 1 }]);
  expect(unwrap(await status(a.base)).machines).toMatchObject([{ host: 'host-a', logs: 1 }]);
});

it('lists the others as the index knows them, without the store', async () => {
  allDone(await push(a.deps));
  const b = world.machine('b');
  await b.write('2026-01-06-mike-two.md', '# Two\n');
  allDone(await pullIndex(b.base, FOR_MIKE));
  b.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
  const rows = unwrap(await listMachines(b.base));
  expect(rows).toHaveLength(2);
  expect(rows.find(({ own }) => !own)).toMatchObject({ host: 'host-a', logs: 1 });
  expect(rows.find(({ own }) => own)).toMatchObject({ host: 'host-b', logs: 1 });
});
