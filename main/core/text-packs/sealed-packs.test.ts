import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import {
  createSealedWorld,
  letIn,
  seal,
  type SealedMachine,
  type SealedWorld,
} from '../../testing/sealed-world.ts';
import { createMemoryTexts } from '../../testing/text-world.ts';
import { problemOf } from '../workflows/outcome.ts';
import { pullIndex } from '../workflows/pull-index.ts';
import { push } from '../workflows/push.ts';
import { allDone } from '../../testing/all-done.ts';

let world: SealedWorld;
let a: SealedMachine;
let reader: SealedMachine;
const sink = createMemoryTexts();
const pull = (machine: SealedMachine): ReturnType<typeof pullIndex> =>
  pullIndex({ ...machine.sealing, textSink: sink }, { reader: { folder: machine.paths.home } });

beforeEach(async () => {
  sink.texts.clear();
  world = createSealedWorld();
  [a, reader] = [world.machine('a'), world.machine('b')];
  await a.write('2026-11-01-mike-one.md', '# One\n\nzyzzyva\n');
  await seal(a);
  allDone(await push(a.sealing));
});
afterEach(() => world.end());

it('the packs of a sealed store say nothing to who has no key, and come once it is let in', async () => {
  const packs = [...world.bucket.objects].filter(([name]) => name.includes('/pack-'));
  expect(packs.length).toBeGreaterThan(0);
  for (const [, { bytes }] of packs)
    expect(Buffer.from(bytes.subarray(0, 21)).toString()).toBe('age-encryption.org/v1');
  expect(problemOf(await pull(reader))).toMatchObject({ action: 'session-log machines join' });
  expect(sink.texts.size).toBe(0);
  await letIn(a, reader);
  expect(unwrap(await pull(reader.restarted())).problem).toBeNull();
  expect(sink.texts.get('a/2026-11-01-mike-one.md')).toContain('zyzzyva');
});
