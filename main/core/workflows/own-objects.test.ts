import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { allDone } from '../../testing/all-done.ts';
import { unwrap } from '../../../shared/result.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { inMemory } from '../store/in-memory.ts';
import { fullSync } from './full-sync.ts';
import { push } from '../sync/push.ts';
import { restoreAll, takeBack } from './restore.ts';

const OWN = '2026-01-05-mara-own.md' as LogPath;
const FORGED = '2026-01-06-mara-forged.md' as LogPath;

let world: TestWorld;
let a: TestMachine;
beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  await a.write(OWN, '# Own\n');
  allDone(await push(a.deps));
});
afterEach(() => world.end());

async function put(path: LogPath, text: string, metadata: Readonly<Record<string, string>>): Promise<void> {
  const name = a.deps.layout.log(a.deps.self.uuid, path);
  const before = unwrap(await a.deps.store.head(name));
  const options = { metadata, ifGenerationMatch: before?.generation ?? '0', contentType: 'text/markdown' };
  unwrap(await a.deps.store.put(name, inMemory(new TextEncoder().encode(text)), options));
}

it.each([
  ['says that another wrote it', { writer: 'x' }],
  ['says nothing', {}],
])('a file in this machine’s partition that %s is named and left by a full sync', async (_, metadata) => {
  await put(FORGED, '# Forged\n', metadata);
  const { restore } = allDone(await fullSync(a.base, FOR_MIKE));
  expect(restore).toEqual({ restored: [], failed: [], strangers: [FORGED] });
  expect(existsSync(`${a.paths.sessionLogs}/${FORGED}`)).toBe(false);
  expect(allDone(await restoreAll(a.base, { dryRun: true })).strangers).toEqual([FORGED]);
  // A person who asks for it by name has it.
  unwrap(await takeBack(a.base, FORGED, {}));
  expect(await a.read(FORGED)).toBe('# Forged\n');
});

it('an own log that was replaced in the store by somebody else is left too', async () => {
  await rm(`${a.paths.sessionLogs}/${OWN}`);
  await put(OWN, '# Other words\n', { writer: 'x' });
  expect(allDone(await restoreAll(a.base)).strangers).toEqual([OWN]);
});

it('what an install before this one wrote comes back: listed, or pushed and not listed yet', async () => {
  const fresh = world.machine('a', { nonce: 'f'.repeat(32) });
  await put(FORGED, '# Not listed\n', { writer: a.deps.self.nonce });
  const { restored, strangers } = allDone(await restoreAll(fresh.base));
  expect([restored, strangers]).toEqual([[OWN, FORGED], []]);
});
