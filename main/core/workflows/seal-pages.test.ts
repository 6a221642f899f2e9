import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createMemoryObjectStore } from '../../testing/memory-object-store.ts';
import { createSealedWorld, seal, type SealedWorld } from '../../testing/sealed-world.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { push } from './push.ts';
import { sealStore } from './seal-store.ts';
import { verify } from './verify.ts';

let world: SealedWorld;
beforeEach(() => {
  world = createSealedWorld();
});
afterEach(() => world.end());

describe('a store of more objects than a page lists', () => {
  it('is sealed page by page, stopped on the way and gone on with; nothing is lost', async () => {
    const inner = createMemoryObjectStore({
      bucket: world.bucket,
      clock: createNodeClock(),
      random: createSeededRandom(3),
    });
    const pages: number[] = [];
    const a = world.machine('a', {
      ...inner,
      list: async (prefix, options) => {
        const page = await inner.list(prefix, { ...options, pageSize: 7 });
        if (page.ok) pages.push(page.value.objects.length);
        return page;
      },
    });
    for (let n = 0; n < 60; n++)
      await a.write(
        `2026-${10 + (n % 3)}-0${(n % 9) + 1}-mike-${n}.md`,
        `# Session ${n}\n\n${'words of it '.repeat(20)}\n`,
      );
    unwrap(await push(a.sealing));
    const { waiting } = unwrap(await sealStore(a.sealing, { dryRun: true })).report;
    const controller = new AbortController();
    const stopped = unwrap(
      await sealStore(a.sealing, {
        signal: controller.signal,
        onProgress: ({ phase, done }) => {
          if (phase === 'seal' && done >= 20) controller.abort();
        },
      }),
    );
    expect(stopped.problem?.code).toBe('cancelled');
    expect(stopped.report.sealed).toBeGreaterThanOrEqual(20);
    expect(stopped.report.sealed).toBeLessThan(waiting);
    const rest = await seal(a.restarted());
    expect(rest.already).toBeGreaterThanOrEqual(stopped.report.sealed);
    expect(rest.sealed + rest.already).toBe(waiting);
    expect(rest.waiting).toBe(0);
    expect(Math.max(...pages)).toBe(7);
    const codecs = [...world.bucket.objects]
      .filter(([name]) => !name.includes('/keys/'))
      .map(([, { info }]) => info.metadata['codec']);
    expect(new Set(codecs)).toEqual(new Set(['age']));
    expect(unwrap(await verify(a.sealing, { deep: true })).report).toMatchObject({
      problems: [],
      fetched: 60,
    });
  });
});
