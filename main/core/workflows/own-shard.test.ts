import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone } from '../../testing/all-done.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { unwrap } from '../../../shared/result.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { fullSync } from './full-sync.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { push } from '../sync/push.ts';

/** More than a head keeps, so that there is a segment. */
const LOGS = 230;

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;
beforeEach(async () => {
  world = createTestWorld();
  [a, b] = [world.machine('a'), world.machine('b')];
  for (let n = 0; n < LOGS; n++) await a.write(`2025-0${(n % 2) + 1}-05-mara-t${n}.md`, `# Topic ${n}\n`);
  allDone(await push(a.deps));
});
afterEach(() => world.end());

const headOf = (): string => a.deps.layout.head(a.deps.self.uuid);
const segmentOf = (): string => [...world.objects().keys()].find((name) => name.includes('/segments/')) ?? '';

function plant(name: string, text = 'no index at all'): void {
  const bytes = new TextEncoder().encode(text);
  world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata: {} });
}

async function listed(): Promise<number> {
  allDone(await pullIndex(b.deps));
  return unwrap(await b.deps.index.page({ files: true, limit: 1_000 })).total;
}

describe('an own index that nobody can read', () => {
  it.each<[string, () => void]>([
    ['its head was damaged', () => plant(headOf())],
    ['its head is gone', () => world.bucket.remove(headOf())],
    ['a segment was damaged', () => plant(segmentOf())],
    ['a segment is gone', () => world.bucket.remove(segmentOf())],
  ])('is written again by a full sync when %s, and read by the others', async (_, damage) => {
    damage();
    expect(allDone(await fullSync(a.base, FOR_MIKE))).toMatchObject({ republished: true, reconciled: 0 });
    expect(await listed()).toBe(LOGS);
    expect(allDone(await fullSync(a.base, FOR_MIKE)).republished).toBe(false);
  });

  it('holds no push up, whoever wrote it', async () => {
    plant(segmentOf());
    plant(headOf(), 'x'.repeat(9 * 1024 * 1024));
    await a.write('2026-01-05-mara-new.md', '# New\n');
    expect(allDone(await push(a.deps)).published).toBe(true);
    expect(allDone(await fullSync(a.base, FOR_MIKE)).republished).toBe(true);
    expect(await listed()).toBe(LOGS + 1);
  });
});
