import { expect, it } from 'vitest';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { createTestWorld } from '../../testing/sync-world.ts';
import { keepOwnPacks, packedText, readOwnPacks, type OwnPacks } from './own-packs.ts';

it('keeps where the text of many logs is as one JSON object, whatever their names', async () => {
  const world = createTestWorld();
  const { deps } = world.machine('a');
  const names = ['a "quoted" name.md', 'back\\slash.md', 'Überblick 🔑.md'];
  for (let nth = 0; nth < 3_000; nth++) names.push(`2026-01/2026-01-05-mike-topic-${nth}.md`);
  const logs = new Map(names.map((name, nth) => [name as LogPath, packedText(nth, 'ab'.repeat(32))]));
  const free = [{ name: 'pack-1.jsonl.gz', generation: '7', isEmpty: true }];
  const own: OwnPacks = { packs: [], retired: [], free, logs, seq: 12 };
  unwrap(await keepOwnPacks(deps, own));
  expect(unwrap(await readOwnPacks(deps))).toEqual(own);
  const [file] = unwrap(await deps.files.names(deps.paths.state)).filter((name) =>
    name.startsWith('text-packs-'),
  );
  const bytes = unwrap(await deps.files.read(`${deps.paths.state}/${file}`));
  const lines = [...logs].map(([path, packed]) => `${path}\t${packed}`).join('\n');
  expect(new TextDecoder().decode(bytes!)).toBe(`${JSON.stringify({ schema: 1, ...own, logs: lines })}\n`);
  await world.end();
});
