import { expect, it, vi } from 'vitest';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { createWithheldSizes, type WithheldSize } from './withheld-sizes.ts';

let ticks = 0;
const JOURNAL = '/state/withheld.jsonl';
const sizeOf = (n: number): WithheldSize => ({
  size: n,
  mtime: n,
  leaves: n + 1,
  sha256: String(n).padStart(64, '0'),
  isKept: true,
});

it('reads its journal once for what it notes itself, and again when another process adds to it', async () => {
  const files = createMemoryFiles({ now: () => ++ticks });
  const reads = vi.spyOn(files, 'read');
  const [mine, theirs] = [createWithheldSizes(files, JOURNAL), createWithheldSizes(files, JOURNAL)];
  for (let n = 0; n < 50; n++) await mine.note(`/logs/${n}.md`, sizeOf(n));
  await Promise.all(Array.from({ length: 50 }, (_, n) => mine.note(`/logs/${n + 50}.md`, sizeOf(n + 50))));
  expect(reads.mock.calls.length).toBeLessThan(2);
  await theirs.note('/logs/other.md', sizeOf(7));
  expect(await mine.of('/logs/other.md')).toEqual(sizeOf(7));
  expect(await theirs.of('/logs/99.md')).toEqual(sizeOf(99));
  await mine.note('/logs/other.md', null);
  expect(await theirs.of('/logs/other.md')).toBeUndefined();
  expect(reads.mock.calls.length).toBeLessThan(6);
});

it('writes its journal anew when most of its lines are of no use', async () => {
  const files = createMemoryFiles({ now: () => ++ticks });
  const sizes = createWithheldSizes(files, JOURNAL);
  for (let n = 0; n < 700; n++) await sizes.note('/logs/a.md', sizeOf(n));
  expect(await sizes.of('/logs/a.md')).toEqual(sizeOf(699));
  expect(await createWithheldSizes(files, JOURNAL).of('/logs/a.md')).toEqual(sizeOf(699));
  const facts = await files.stat(JOURNAL);
  expect(facts.ok ? facts.value?.size : null).toBeLessThan(60_000);
});
