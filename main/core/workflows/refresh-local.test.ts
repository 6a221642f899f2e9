import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { err, unwrap } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { push } from '../sync/push.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshFor, refreshLocal } from './refresh-local.ts';

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

it('Nothing of it is read again while neither the folder nor the ledger has changed.', async () => {
  const asked: string[] = [];
  const { files, index } = a.deps;
  const deps: SyncDeps = {
    ...a.deps,
    index: { ...index, entries: (machine) => (asked.push('rows'), index.entries(machine)) },
    files: { ...files, read: (path) => (asked.push(path), files.read(path)) },
  };
  const place = async (): Promise<readonly string[]> =>
    unwrap(await index.page({ machines: [A] })).rows.map((row) => `${row.title} ${row.place}`);
  unwrap(await refreshLocal(deps));
  expect(asked.splice(0)).toContain('rows');
  unwrap(await refreshLocal(deps));
  expect(asked.splice(0)).toEqual([]);

  await a.write('of-a.md', '# More\n');
  unwrap(await refreshLocal(deps));
  expect(asked.splice(0)).toContain('rows');
  expect(await place()).toEqual(['More local']);

  allDone(await push(a.deps));
  await rm(join(a.paths.sessionLogs, 'of-a.md'));
  unwrap(await refreshLocal(deps));
  expect(await place()).toEqual(['More store']);
  asked.splice(0);
  unwrap(await refreshLocal(deps));
  expect(asked).toEqual([]);
});

it('A log that could not be read is tried again, though its size and time are the same.', async () => {
  const { files, index } = a.deps;
  let isDenied = true;
  const denied = appError('denied', 'May not be read.', '');
  const measure: typeof files.measure = async (...given) =>
    isDenied ? err(denied) : await files.measure(...given);
  const deps: SyncDeps = { ...a.deps, files: { ...files, measure } };
  unwrap(await refreshLocal(deps));
  expect(unwrap(await index.page({ machines: [A] })).total).toBe(0);
  isDenied = false;
  unwrap(await refreshLocal(deps));
  expect(unwrap(await index.page({ machines: [A] })).total).toBe(1);
});

it('A machine without logs is in no list until its first one.', async () => {
  const none = world.machine('c');
  unwrap(await refreshLocal(none.deps));
  expect(unwrap(await none.deps.index.machines())).toEqual([]);
});

it('A change makes the rows of its own month again, and those of a month that could not be read the next time too.', async () => {
  const { index, files } = a.deps;
  let made: string[] = [];
  let unreadable = '';
  const deps: SyncDeps = {
    ...a.deps,
    index: {
      ...index,
      putShard: (content, head, segments) => {
        made.push(...segments.map(({ name }) => name.slice(0, 7)));
        return index.putShard(content, head, segments);
      },
    },
    files: {
      ...files,
      measure: async (path, options) =>
        unreadable !== '' && path.endsWith(unreadable)
          ? err(appError('denied', 'It cannot be read.', ''))
          : await files.measure(path, options),
    },
  };
  const refreshed = async (): Promise<string[]> => {
    made = [];
    unwrap(await refreshLocal(deps));
    return made.sort();
  };
  const titles = async (): Promise<ReadonlySet<string | null>> =>
    new Set(unwrap(await index.page({ machines: [A] })).rows.map(({ title }) => title));
  await a.write('2026-01/2026-01-05-a.md', '# January\n');
  await a.write('2026-02/2026-02-05-a.md', '# February\n');
  expect((await refreshed()).length).toBe(3);
  expect(await refreshed()).toEqual([]);
  allDone(await push(a.deps));
  await refreshed();

  unreadable = '2026-02-05-a.md';
  await a.write('2026-02/2026-02-05-a.md', '# February, and more\n');
  await a.write('2026-02/2026-02-06-a.md', '# Next day\n');
  expect(await refreshed()).toEqual(['2026-02']);
  expect(await refreshed()).toEqual(['2026-02']);
  unreadable = '';
  expect(await refreshed()).toEqual(['2026-02']);
  expect(await refreshed()).toEqual([]);
  expect(await titles()).toEqual(new Set(['February, and more', 'January', 'Next day', null]));

  await rm(join(a.paths.sessionLogs, '2026-02/2026-02-06-a.md'));
  expect(await refreshed()).toEqual(['2026-02']);
  expect(await titles()).not.toContain('Next day');
});

it('The rows of a month have the digest of its files as their name, however many there are.', async () => {
  const { bytes, files, index, paths, self } = a.deps;
  const logs = Array.from({ length: 300 }, (_, nth) => `2026-01/2026-01-05-${'a'.repeat(80)}-${nth}.md`);
  for (const log of logs) await a.write(log, '# January\n');
  unwrap(await refreshLocal(a.deps));
  const found = unwrap(await files.scanLogs(paths.sessionLogs)).files.filter(
    ({ path }) => path !== 'of-a.md',
  );
  const lines = found.map(({ path, size, mtimeMs }) => `${path}\t${size}\t${mtimeMs}\t`);
  const digest = bytes.sha256(new TextEncoder().encode(['false', ...lines, ''].join('\n')));
  const own = unwrap(await index.knownShards()).find(({ machine }) => machine === self.uuid);
  expect(own?.segments).toContain(`2026-01 ${digest}`);
});
