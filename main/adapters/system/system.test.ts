import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createNodeBytes } from './node-bytes.ts';
import { createNodeClock } from './node-clock.ts';
import { createNodeRandom } from './node-random.ts';

describe('createNodeBytes', () => {
  const bytes = createNodeBytes();

  it('hashes as FIPS 180-4 says', () => {
    expect(bytes.sha256(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('hashes pieces as it hashes the whole', () => {
    const stream = bytes.sha256Stream();
    for (const piece of ['a', '', 'bc']) stream.update(new TextEncoder().encode(piece));
    expect(stream.hex()).toBe(bytes.sha256(new TextEncoder().encode('abc')));
  });

  it('undoes its own compression', async () => {
    for (const body of [new Uint8Array(0), new Uint8Array([0]), new Uint8Array(randomBytes(100_000))])
      expect(await bytes.gunzip(await bytes.gzip(body), 100_000)).toEqual(Buffer.from(body));
  });

  it('undoes compression whatever size the trailer claims', async () => {
    for (const size of [16_383, 16_384, 16_385, 70_000, 1_048_575, 1_048_576, 1_048_577, 3_000_000])
      expect(await bytes.gunzip(gzipSync(Buffer.alloc(size, 'ab')), size)).toEqual(Buffer.alloc(size, 'ab'));
    // Two members: the trailer speaks of the last alone.
    const members = Buffer.concat([gzipSync(Buffer.alloc(100_000, 'a')), gzipSync(Buffer.from('b'))]);
    expect(await bytes.gunzip(members, 200_000)).toHaveLength(100_001);
  });

  it('gives one character for each byte of UTF-8, and nothing for other bytes', () => {
    const utf8 = Buffer.from('xx"é日"\0', 'utf8').subarray(2);
    const text = bytes.oneByteText(utf8);
    expect(text).toHaveLength(utf8.length);
    expect(Buffer.from(text ?? '', 'latin1')).toEqual(utf8);
    for (const other of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]])
      expect(bytes.oneByteText(new Uint8Array(other))).toBeNull();
    expect(bytes.oneByteText(new Uint8Array(0))).toBe('');
  });

  it('gives nothing for what is cut, flipped, no gzip or larger than allowed', async () => {
    const packed = gzipSync(Buffer.alloc(100_000, 'a'));
    expect(await bytes.gunzip(packed, 100_000)).toHaveLength(100_000);
    expect(await bytes.gunzip(packed, 99_999)).toBeNull();
    expect(await bytes.gunzip(packed, 0)).toBeNull();
    expect(await bytes.gunzip(packed.subarray(0, packed.length - 1), 100_000)).toBeNull();
    expect(await bytes.gunzip(new TextEncoder().encode('plain'), 100_000)).toBeNull();
    expect(await bytes.gunzip(new Uint8Array(0), 100_000)).toBeNull();
    const flipped = Buffer.from(packed);
    flipped[20]! ^= 0x40;
    expect(await bytes.gunzip(flipped, 100_000)).toBeNull();
  });
});

describe('createNodeClock', () => {
  const clock = createNodeClock();

  it('sleeps to the end, and wakes early on a signal', async () => {
    const before = clock.monotonic();
    expect(await clock.sleep(5)).toBe(true);
    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(4);
    expect(await clock.sleep(1_000_000, AbortSignal.abort())).toBe(false);
    const stop = new AbortController();
    const sleeping = clock.sleep(1_000_000, stop.signal);
    stop.abort();
    expect(await sleeping).toBe(false);
    expect(await clock.sleep(1, new AbortController().signal)).toBe(true);
  });

  it('gives the others a turn when it sleeps for no time, and wakes to false when they abort it', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    expect(await clock.sleep(0, stop.signal)).toBe(false);
    expect(await clock.sleep(0)).toBe(true);
    expect(await clock.sleep(0, stop.signal)).toBe(false);
  });
});

describe('createNodeRandom', () => {
  it('gives as many digits as asked and not the same twice', () => {
    const random = createNodeRandom();
    expect(random.hex(16)).toMatch(/^[0-9a-f]{32}$/);
    expect(random.hex(16)).not.toBe(random.hex(16));
    expect(random.fraction()).toBeLessThan(1);
  });
});

describe('spareMemory', () => {
  it('stops the nursery from growing, and makes V8 choose anew when to collect old objects', () => {
    const program = `
      import { constants, PerformanceObserver } from 'node:perf_hooks';
      import { getHeapSpaceStatistics } from 'node:v8';
      import { spareMemory } from ${JSON.stringify(new URL('spare-memory.ts', import.meta.url).href)};
      if (process.argv[1] === 'spare') spareMemory();
      let forced = 0;
      const { NODE_PERFORMANCE_GC_MAJOR: major, NODE_PERFORMANCE_GC_FLAGS_FORCED: asked } = constants;
      const isForced = ({ detail }) => detail.kind === major && (detail.flags & asked) !== 0;
      new PerformanceObserver((list) => (forced += list.getEntries().filter(isForced).length)).observe({ entryTypes: ['gc'] });
      // It minds no command that ends at once.
      await new Promise((done) => setTimeout(done, 200));
      const kept = [];
      let most = 0;
      for (let round = 0; round < 40; round++) {
        for (let at = 0; at < 20_000; at++) kept[(round * 20_000 + at) % 200_000] = { at, text: 'x' + at };
        await new Promise((done) => setImmediate(done));
        most = Math.max(most, getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
      }
      console.log(JSON.stringify({ nursery: most / 1024 / 1024, forced }));`;
    const run = (word: string): { readonly nursery: number; readonly forced: number } =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', program, word], { encoding: 'utf8' }),
      ) as ReturnType<typeof run>;
    const [spared, plain] = [run('spare'), run('')];
    expect(spared.nursery).toBeLessThan(plain.nursery / 2);
    expect([spared.forced, plain.forced]).toEqual([1, 0]);
  });
});
