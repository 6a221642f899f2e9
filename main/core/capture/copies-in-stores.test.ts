import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createFolderObjectStore } from '../../adapters/folder-store/folder-object-store.ts';
import { createGcsObjectStore } from '../../adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createNodeRandom } from '../../adapters/system/node-random.ts';
import { startInRepoServer } from '../../testing/gcs-server.ts';
import { createSealedWorld, seal } from '../../testing/sealed-world.ts';
import { withCopies, type CopiesMachine } from '../../testing/stored-copies-world.ts';
import { createTestWorld } from '../../testing/sync-world.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { createSessionCopies } from './session-copies.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };
let ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

async function folder(): Promise<ObjectStore> {
  const root = await mkdtemp(join(tmpdir(), 'session-log-copies-'));
  ends.push(() => rm(root, { recursive: true }));
  return createFolderObjectStore({ root, create: true, sameDisk: false, ...machine });
}

async function bucket(): Promise<ObjectStore> {
  const server = await startInRepoServer();
  ends.push(async () => server.stop());
  await server.createBucket('team');
  const options = { bucket: 'team', prefix: '', credentials: {}, apiEndpoint: server.endpoint };
  const store = createGcsObjectStore({ ...options, ...machine });
  ends.push(() => store.close());
  return store;
}

const TEXT = 'Häfen "und" \\Schiffe\\, 港口\n';

/** Loses everything but the store, brings the session back, and puts it where its agent looks for it. */
async function comesBack(mine: CopiesMachine): Promise<void> {
  const place = mine.place('s-1');
  mine.lose('.');
  rmSync(mine.transcript(place));
  const copies = createSessionCopies(mine.deps);
  const writers = new Set([mine.deps.self.nonce]);
  expect(unwrap(await copies.restore({ writers, room: 1e9 }))).toMatchObject({ restored: 1, failedTotal: 0 });
  expect(unwrap(await copies.check({ deep: true }))).toMatchObject({ pieces: 2, fetched: 2, problems: [] });
  const parts = mine.pieces(place).map((name) => readFileSync(join(mine.folder(place), name)));
  const texts = await Promise.all(parts.map((part) => mine.deps.bytes.gunzip(part, 1_000)));
  expect(Buffer.concat(texts.map((text) => text!)).toString()).toBe(`${TEXT}more\n`);
  expect(await mine.push()).toMatchObject({ pieces: 0, inStore: 1 });
}

describe('copies of sessions', () => {
  it.each([
    ['a folder', folder],
    ['a bucket', bucket],
  ])('come back from %s as they were, whatever their names are made of', async (_, open) => {
    const world = createTestWorld();
    ends.push(() => world.end());
    const mine = withCopies(world.machine('a', { store: await open() }), '-häfen "und" \\港口');
    await mine.keep(mine.place('s-1'), TEXT);
    await mine.keep(mine.place('s-1'), `${TEXT}more\n`);
    expect(await mine.push()).toMatchObject({ pieces: 2, inStore: 1 });
    await comesBack(mine);
  });

  it('are sealed where the store is, and when it is sealed later', async () => {
    const world = createSealedWorld();
    ends.push(() => world.end());
    const sealed = world.machine('a');
    const mine = withCopies({ ...sealed, deps: sealed.sealing.sync });
    await mine.keep(mine.place('s-1'), TEXT);
    expect(await mine.push()).toMatchObject({ pieces: 1 });
    await seal(sealed);
    await mine.keep(mine.place('s-1'), `${TEXT}more\n`);
    expect(await mine.push()).toMatchObject({ pieces: 1, inStore: 1 });
    const stored = [...world.bucket.objects].filter(([name]) => name.includes('/transcripts/'));
    expect(stored).toHaveLength(2);
    for (const [, { bytes, info }] of stored) {
      expect(Buffer.from(bytes).toString('latin1')).toMatch(/^age-encryption\.org/);
      expect(JSON.stringify(info.metadata)).not.toContain('jsonl');
    }
    expect(unwrap(await createSessionCopies(mine.deps).check({ deep: true })).problems).toEqual([]);
  });

  it('come back from a store that hides names, where nothing says which agent or session they are of', async () => {
    const world = createSealedWorld({ hidesNames: true });
    ends.push(() => world.end());
    const sealed = world.machine('a');
    await seal(sealed);
    const mine = withCopies({ ...sealed, deps: sealed.sealing.sync });
    await mine.keep(mine.place('s-1'), TEXT);
    await mine.keep(mine.place('s-1'), `${TEXT}more\n`);
    expect(await mine.push()).toMatchObject({ pieces: 2, inStore: 1 });
    const names = [...world.bucket.objects.keys()].filter((name) => name.includes('/transcripts/'));
    expect(names).toHaveLength(2);
    expect(new Set(names.map((name) => name.slice(0, name.lastIndexOf('/')))).size).toBe(1);
    expect(names.join('\n')).not.toMatch(/claude|s-1|2026-/);
    await comesBack(mine);
  });
});
