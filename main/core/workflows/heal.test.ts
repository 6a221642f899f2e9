import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { problemOf } from './outcome.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { createFolderObjectStore } from '../../adapters/folder-store/folder-object-store.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createNodeRandom } from '../../adapters/system/node-random.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { fullSync } from './full-sync.ts';
import { push } from '../sync/push.ts';
import { logMetadata } from '../store/stored-facts.ts';
import { verify } from './verify.ts';

const TEXT = '# Log\n\n'.padEnd(2_000, 'All of it. ');

let world: TestWorld;
let root: string;
beforeEach(() => {
  world = createTestWorld();
  root = mkdtempSync(join(tmpdir(), 'session-log-heal-'));
});
afterEach(async () => {
  await world.end();
  rmSync(root, { recursive: true, force: true });
});

async function problemsOf(a: TestMachine, deep = false): Promise<readonly string[]> {
  const checked = await verify(a.base, { deep });
  const { problems } = reportOf(checked);
  expect(problemOf(checked)?.code).toBe(problems.length > 0 ? 'partial' : undefined);
  for (const { remedy } of problems) expect(remedy).toContain('session-log sync --full');
  return [...new Set(problems.map(({ problem }) => problem.split(':')[0] ?? ''))].toSorted();
}

describe('a damaged copy in a folder store', () => {
  async function pushed(): Promise<{
    readonly a: TestMachine;
    readonly stored: (name: string) => Promise<string>;
  }> {
    const store = createFolderObjectStore({
      root,
      create: true,
      sameDisk: false,
      clock: createNodeClock(),
      random: createNodeRandom(),
    });
    const a = world.machine('a', { store });
    for (const name of ['cut', 'flipped', 'whole']) await a.write(`2026-01-05-hal-${name}.md`, TEXT);
    allDone(await push(a.deps));
    const stored = async (name: string): Promise<string> => {
      const all = await readdir(root, { recursive: true });
      return join(root, all.find((path) => path.endsWith(`hal-${name}.md`)) ?? '');
    };
    return { a, stored };
  }

  it('is seen, and healed by the next full sync', async () => {
    const { a, stored } = await pushed();
    await truncate(await stored('cut'), 500);
    await writeFile(await stored('flipped'), TEXT.replace('All', 'Al1'));
    expect(await problemsOf(a)).toEqual(['2026-01-05-hal-cut.md']);
    expect(await problemsOf(a, true)).toEqual(['2026-01-05-hal-cut.md', '2026-01-05-hal-flipped.md']);
    await truncate(await stored('cut'), 1);
    const said = reportOf(await verify(a.base)).problems.map(({ problem }) => problem);
    expect(said).toEqual([expect.stringContaining('(1 byte; it should be 2,000)')]);
    const report = allDone(await fullSync(a.base, FOR_MIKE));
    expect(report).toMatchObject({
      reconciled: 2,
      push: { failed: [], uploaded: [{ reason: 'damaged' }, { reason: 'damaged' }] },
    });
    expect(await problemsOf(a, true)).toEqual([]);
    for (const name of ['cut', 'flipped', 'whole'])
      expect(await readFile(await stored(name), 'utf8')).toBe(TEXT);
    expect(allDone(await fullSync(a.base, FOR_MIKE))).toMatchObject({
      reconciled: 0,
      push: { uploaded: [] },
    });
  });

  it('is healed by a log that has grown meanwhile', async () => {
    const { a, stored } = await pushed();
    await writeFile(await stored('flipped'), TEXT.replace('All', 'Al1'));
    await a.write('2026-01-05-hal-flipped.md', `${TEXT}More.\n`);
    expect(allDone(await fullSync(a.base, FOR_MIKE)).push.uploaded).toMatchObject([{ reason: 'damaged' }]);
    expect(await readFile(await stored('flipped'), 'utf8')).toBe(`${TEXT}More.\n`);
    expect(await problemsOf(a, true)).toEqual([]);
  });
});

describe('an object that a bucket holds cut', () => {
  const PATH = '2026-01-05-hal-cut.md';

  /** What a resumable upload leaves whose service counted wrongly: the whole log's description over a part of its bytes. */
  function cutObject(a: TestMachine): string {
    const name = a.deps.layout.log(a.deps.self.uuid, PATH as LogPath);
    const bytes = new TextEncoder().encode(TEXT);
    const [whole, part] = [crc32c(bytes), bytes.subarray(0, 700)];
    const facts = { size: bytes.length, crc32c: whole, sha256: a.deps.bytes.sha256(bytes), mtime: 0 };
    world.bucket.plant(name, part, {
      crc32c: crc32cToBase64(crc32c(part)),
      metadata: logMetadata(facts, a.deps.self.nonce),
    });
    return name;
  }

  it('is seen by verify, and healed by the next full sync; what was there is kept beside', async () => {
    const a = world.machine('a');
    await a.write(PATH, TEXT);
    allDone(await push(a.deps));
    const name = cutObject(a);
    expect(await problemsOf(a)).toEqual([PATH]);
    const [uploaded] = allDone(await fullSync(a.base, FOR_MIKE)).push.uploaded;
    expect(uploaded).toMatchObject({ reason: 'damaged' });
    expect(world.objects().get(name)).toBe(TEXT);
    expect(world.objects().get(uploaded?.kept ?? '')).toBe(TEXT.slice(0, 700));
    expect(await problemsOf(a, true)).toEqual([]);
  });

  it.each(['that met it', 'that lost its ledger'])('is not taken for the log by a push %s', async (how) => {
    const a = world.machine('a');
    if (how === 'that met it') {
      await a.write('2026-01-04-hal-other.md', TEXT);
      allDone(await push(a.deps));
    }
    await a.write(PATH, TEXT);
    const name = cutObject(a);
    expect(allDone(await push(a.deps)).uploaded).toMatchObject([{ path: PATH }]);
    expect(world.objects().get(name)).toBe(TEXT);
  });
});

it('an object that somebody wrote over is named with the step that sets it right, and kept', async () => {
  const a = world.machine('a');
  await a.write('2026-01-05-hal-own.md', TEXT);
  allDone(await push(a.deps));
  const name = a.deps.layout.log(a.deps.self.uuid, '2026-01-05-hal-own.md' as LogPath);
  const other = TEXT.replaceAll('All', 'Not');
  const bytes = new TextEncoder().encode(other);
  world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata: {} });
  expect(await problemsOf(a)).toEqual(['2026-01-05-hal-own.md']);
  const [uploaded] = allDone(await fullSync(a.base, FOR_MIKE)).push.uploaded;
  expect([world.objects().get(name), world.objects().get(uploaded?.kept ?? '')]).toEqual([TEXT, other]);
  expect(await problemsOf(a, true)).toEqual([]);
});
