import { describe, expect, it } from 'vitest';
import { byteSourceOf, collect, patternBytes } from './byte-source-of.ts';
import { createMemoryBucket, type MemoryBucketOptions } from './memory-bucket.ts';
import { createMemoryObjectStore, type MemoryObjectStoreOptions } from './memory-object-store.ts';
import { objectStoreContract } from './object-store-contract.ts';
import { createSeededRandom } from './seeded-random.ts';
import { failureOf, okOf } from './store-contract/contract-bench.ts';
import { createFaultScript, randomFaults, type StoreFault } from './store-faults.ts';
import { createVirtualClock } from './virtual-clock.ts';

const PUT = { ifGenerationMatch: '0', contentType: 'text/plain' };

function world(options: Partial<MemoryObjectStoreOptions> & Partial<MemoryBucketOptions> = {}) {
  const clock = createVirtualClock();
  const bucket = createMemoryBucket({ clock, oneWritePerSecond: options.oneWritePerSecond ?? false });
  const script = createFaultScript();
  const base = { bucket, clock, random: createSeededRandom(1), faults: script.faults, ...options };
  return { clock, bucket, script, store: createMemoryObjectStore(base) };
}

objectStoreContract('memory', async () => {
  const clock = createVirtualClock();
  const bucket = createMemoryBucket({ clock });
  const [store, other] = [1, 2].map((seed) =>
    createMemoryObjectStore({ bucket, clock, random: createSeededRandom(seed), latencyMs: [1, 80] }),
  );
  return {
    store: store!,
    other: other!,
    damage: async (name) => {
      const bytes = bucket.objects.get(name)!.bytes;
      bytes[3] = (bytes[3] ?? 0) ^ 4;
    },
    dispose: async () => {},
  };
});

describe('memory store under planted faults', () => {
  const codes = ['offline', 'throttled', 'server', 'denied'] as const;

  it.each(codes)(
    'a put that fails with %s before the commit leaves nothing, after it leaves the object',
    async (code) => {
      const { store, bucket, script } = world();
      script.next('put', { kind: 'fail', code, when: 'before' });
      failureOf(await store.put('a', byteSourceOf('x'), PUT), code);
      expect(bucket.objects.has('a')).toBe(false);
      script.next('put', { kind: 'fail', code, when: 'after' });
      failureOf(await store.put('a', byteSourceOf('x'), PUT), code);
      expect(bucket.objects.has('a')).toBe(true);
      // The next run finds its own bytes and takes them for its lost reply.
      expect(okOf(await store.put('a', byteSourceOf('x'), PUT)).generation).toBe(
        bucket.objects.get('a')!.info.generation,
      );
      expect(bucket.history).toHaveLength(1);
    },
  );

  it('every operation fails when it is told to', async () => {
    const { store, script } = world();
    const info = okOf(await store.put('a', byteSourceOf('x'), PUT));
    const fault: StoreFault = { kind: 'fail', code: 'offline', when: 'before' };
    for (const operation of ['list', 'head', 'get', 'getStream', 'put', 'copy', 'probe'] as const)
      script.next(operation, fault);
    failureOf(await store.list(''), 'offline');
    failureOf(await store.head('a'), 'offline');
    failureOf(await store.get('a'), 'offline');
    failureOf(await store.getStream('a'), 'offline');
    failureOf(await store.put('b', byteSourceOf('x'), PUT), 'offline');
    failureOf(await store.copy(info, 'b', PUT), 'offline');
    failureOf(await store.probe(), 'offline');
    expect(script.left).toBe(0);
    expect(okOf(await store.list('')).objects).toEqual([info]);
  });

  it('a stall costs the whole deadline and is a timeout; an abort ends it earlier', async () => {
    const { store, clock, script } = world({ deadlineMs: 30_000 });
    script.next('head', { kind: 'stall', when: 'before' }, { kind: 'stall', when: 'before' });
    failureOf(await store.head('a'), 'timeout');
    expect(clock.monotonic()).toBe(30_000);
    const stop = new AbortController();
    const call = store.head('a', { signal: stop.signal });
    stop.abort();
    failureOf(await call, 'cancelled');
    expect(clock.monotonic()).toBe(30_000);
  });

  it('bodies that are cut or bent on the way are never taken for good', async () => {
    const { store, bucket, script } = world();
    const bytes = patternBytes(200_000);
    okOf(await store.put('a', byteSourceOf(bytes), PUT));
    script.next('put', { kind: 'flip', at: 0.5 }, { kind: 'cut', at: 0.5 });
    failureOf(await store.put('b', byteSourceOf(bytes), PUT), 'corrupt');
    failureOf(await store.put('b', byteSourceOf(bytes), PUT), 'offline');
    expect(bucket.objects.has('b')).toBe(false);
    script.next('get', { kind: 'flip', at: 0.999 }, { kind: 'cut', at: 0.1 });
    failureOf(await store.get('a'), 'corrupt');
    failureOf(await store.get('a'), 'offline');
    script.next('getStream', { kind: 'flip', at: 0 }, { kind: 'cut', at: 0.5 });
    const bent = okOf(await store.getStream('a'))!;
    expect((await collect(bent.chunks)).length).toBe(200_000);
    failureOf(await bent.done, 'corrupt');
    const cut = okOf(await store.getStream('a'))!;
    expect((await collect(cut.chunks)).length).toBe(100_000);
    failureOf(await cut.done, 'offline');
    expect(okOf(await store.get('a'))?.bytes).toEqual(bytes);
  });

  it('refuses a second write of a name within a second, when asked to', async () => {
    const { store, clock } = world({ oneWritePerSecond: true });
    const first = okOf(await store.put('a', byteSourceOf('1'), PUT));
    const second = { ...PUT, ifGenerationMatch: first.generation };
    failureOf(await store.put('a', byteSourceOf('2'), second), 'throttled');
    okOf(await store.put('b', byteSourceOf('2'), PUT));
    await clock.sleep(1000);
    okOf(await store.put('a', byteSourceOf('2'), second));
  });

  it('the same seed gives the same weather', async () => {
    const trace = async (seed: number): Promise<string> => {
      const random = createSeededRandom(seed);
      const { store, clock } = world({ random, faults: randomFaults(random, 0.4), latencyMs: [1, 100] });
      const seen: string[] = [];
      for (let i = 0; i < 200; i++) {
        const result = await store.put(`n${i % 7}`, byteSourceOf(`${i}`), PUT);
        seen.push(`${clock.monotonic().toFixed(3)} ${result.ok ? 'ok' : result.error.code}`);
      }
      return seen.join('\n');
    };
    const [one, again, two] = [await trace(7), await trace(7), await trace(8)];
    expect(one).toBe(again);
    expect(one).not.toBe(two);
    for (const code of ['ok', 'offline', 'throttled', 'server', 'timeout', 'corrupt', 'precondition'])
      expect(one).toContain(` ${code}`);
  });
});
