import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import {
  createTestWorld,
  FOR_MIKE,
  testUuid,
  type TestMachine,
  type TestWorld,
} from '../../testing/sync-world.ts';
import { push } from '../sync/push.ts';
import { drillStore, type StoreDrill } from './drill-store.ts';
import { fullSync } from './full-sync.ts';
import type { Outcome } from './outcome.ts';

let world: TestWorld;
let a: TestMachine;
beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
});
afterEach(() => world.end());

const drillPath = (): string => join(a.paths.state, 'drill.json');
const isRecorded = (): boolean => existsSync(drillPath());

async function drilled(): Promise<Outcome<StoreDrill>> {
  const sealing = { forgetful: () => a.deps.store } as never;
  const paths = { ...a.paths, drill: drillPath() };
  return unwrap(await drillStore({ ...a.base, sync: a.deps, sealing, paths }, 20));
}

it('Logs that came back as they were stored prove the backup.', async () => {
  await a.write('2026-01-05-mike-x.md', '# X\n');
  allDone(await push(a.deps));
  expect(await drilled()).toMatchObject({ report: { logs: 1, proved: 1, failed: [] }, problem: null });
  expect(isRecorded()).toBe(true);
});

it('A store without anything of this machine proves nothing.', async () => {
  expect(await drilled()).toMatchObject({ report: { logs: 0, proved: 0, failed: [] }, problem: null });
  expect(isRecorded()).toBe(false);
});

it.each([1, 3])('Logs that were pushed and are gone from the store are no proof: %s of 3.', async (lost) => {
  for (const day of [1, 2, 3]) await a.write(`2026-01-0${day}-mike-x.md`, `# ${day}\n`);
  allDone(await push(a.deps));
  for (let day = 1; day <= lost; day++)
    world.bucket.remove(`tenant-team/machines/${testUuid('a')}/2026-01-0${day}-mike-x.md`);
  const { report, problem } = await drilled();
  expect(report.failed).toHaveLength(lost);
  expect(report.failed[0]?.name).toBe('2026-01-01-mike-x.md');
  expect(problem).toMatchObject({ code: 'corrupt' });
  expect(isRecorded()).toBe(false);
  allDone(await fullSync(a.base, FOR_MIKE));
  expect((await drilled()).problem).toBeNull();
  expect(isRecorded()).toBe(true);
});
