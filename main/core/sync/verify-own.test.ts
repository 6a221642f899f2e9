import { afterEach, beforeEach, expect, it } from 'vitest';
import { problemOf } from '../workflows/outcome.ts';
import { verify } from '../workflows/verify.ts';
import { reportOf } from '../../testing/all-done.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { push } from './push.ts';
import type { SyncDeps } from './sync-deps.ts';

const LOGS = ['2026-01-05-mike-a.md', '2026-01-06-mike-b.md', '2026-01-07-mike-c.md', '2026-01-08-mike-d.md'];

let world: TestWorld;
let a: TestMachine;
beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  for (const log of LOGS) await a.write(log, `# ${log}\n`);
  await push(a.deps);
});
afterEach(() => world.end());

/** A store whose pages have one object each, and what was asked of it and of the disk. */
function onePerPage(): { readonly deps: SyncDeps; readonly asked: string[] } {
  const asked: string[] = [];
  const { store, files } = a.deps;
  const deps: SyncDeps = {
    ...a.deps,
    store: {
      ...store,
      list: (prefix, options) => {
        asked.push('page');
        return store.list(prefix, { ...options, pageSize: 1 });
      },
    },
    files: {
      ...files,
      measure: (path, options) => {
        asked.push(path.slice(path.lastIndexOf('/') + 1));
        return files.measure(path, options);
      },
    },
  };
  return { deps, asked };
}

it('finds the same, however many pages the store lists', async () => {
  await a.write('2026-01-09-mike-new.md', '# New\n');
  await a.write(LOGS[1]!, '# Something else, and longer than what is stored\n');
  await a.write(LOGS[2]!, `# ${LOGS[2]!}\nand more\n`);
  const [lost] = [...world.bucket.objects.keys()].filter((name) => name.endsWith(LOGS[3]!));
  world.bucket.remove(lost!);
  const whole = await verify(a.base);
  const paged = await verify({ sync: onePerPage().deps });
  expect(reportOf(paged)).toEqual(reportOf(whole));
  expect(problemOf(paged)).toEqual(problemOf(whole));
  expect(reportOf(paged)).toMatchObject({ storeChecked: 3, waiting: 3, lost: 0 });
  expect(reportOf(paged).problems.map(({ problem }) => problem)).toEqual([
    `${LOGS[1]!}: the store has other bytes than this file begins with.`,
    `${LOGS[3]!}: it was pushed, but the store no longer has it.`,
  ]);
});

it('asks for the next page while it compares the logs of one', async () => {
  const { deps, asked } = onePerPage();
  await verify({ sync: deps });
  const pages = asked.flatMap((what, at) => (what === 'page' ? [at] : []));
  const logs = asked.flatMap((what, at) => (what === 'page' ? [] : [at]));
  expect(logs).toHaveLength(LOGS.length);
  logs.slice(0, -1).forEach((at, nth) => expect(pages[nth + 1]).toBeLessThan(at));
});
