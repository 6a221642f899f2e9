import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFolderObjectStore } from '../../adapters/folder-store/folder-object-store.ts';
import { createGcsObjectStore } from '../../adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createNodeRandom } from '../../adapters/system/node-random.ts';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { startInRepoServer } from '../../testing/gcs-server.ts';
import { createTestWorld } from '../../testing/sync-world.ts';
import { createMemoryTexts, publishingTexts } from '../../testing/text-world.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { push } from '../sync/push.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { pullIndex } from '../workflows/pull-index.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };
let ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

async function folder(): Promise<() => ObjectStore> {
  const root = await mkdtemp(join(tmpdir(), 'session-log-packs-'));
  ends.push(() => rm(root, { recursive: true }));
  return () => createFolderObjectStore({ root, create: true, sameDisk: false, ...machine });
}

async function bucket(): Promise<() => ObjectStore> {
  const server = await startInRepoServer();
  ends.push(async () => server.stop());
  await server.createBucket('team');
  const options = { bucket: 'team', prefix: '', credentials: {}, apiEndpoint: server.endpoint };
  return () => {
    const store = createGcsObjectStore({ ...options, ...machine });
    ends.push(() => store.close());
    return store;
  };
}

describe('a word that stands only in the log of another machine', () => {
  it.each([
    ['a folder', folder],
    ['a bucket', bucket],
  ])(
    'is found by way of %s, day after day, and again by a machine that has forgotten all',
    async (_, open) => {
      const world = createTestWorld();
      ends.push(() => world.end());
      const store = await open();
      const a = publishingTexts(world.machine('a', { store: store() }));
      const b = world.machine('b', { store: store() });
      const sink = createMemoryTexts();
      const reader = { reader: { folder: b.paths.home } };
      const look = async () => reportOf(await pullIndex({ ...b.base, textSink: sink }, reader)).texts;
      for (const day of ['2026-11-20', '2026-11-21', '2026-12-01']) {
        a.on(day);
        await a.write(`${day}-mike-t.md`, `zyzzyva${day}\n`);
        allDone(await push(a.deps));
        expect(await look()).toMatchObject({ packs: 1, logs: 1, failed: [] });
        expect(sink.texts.get(`a/${day}-mike-t.md`)).toBe(`zyzzyva${day}\n`);
      }
      reportOf(await fullSync({ ...a.base, sync: a.deps }, { reader: { folder: a.paths.home } }));
      sink.texts.clear();
      await rm(join(b.paths.state, 'team-texts.json'));
      expect(await look()).toMatchObject({ logs: 3, failed: [] });
      expect(sink.texts.size).toBe(3);
    },
  );
});
