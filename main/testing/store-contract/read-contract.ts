import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { patternSource } from '../byte-source-of.ts';
import { expectSameFacts, failureOf, okOf, type ContractBench } from './contract-bench.ts';

const MIB = 1024 * 1024;

/** What `head`, `get`, `getStream` and `probe` promise. */
export function readContract(bench: ContractBench): void {
  describe('head, get, getStream', () => {
    it('say null for what is not there, which is no failure', async () => {
      const name = `${bench.fresh('none')}a.md`;
      expect(okOf(await bench.store.head(name))).toBeNull();
      expect(okOf(await bench.store.get(name))).toBeNull();
      expect(okOf(await bench.store.getStream(name))).toBeNull();
    });

    it('see what was written a moment ago, also through another handle', async () => {
      const name = `${bench.fresh('fresh')}a.md`;
      let live = '0';
      for (const text of ['one', 'two', 'three']) {
        const info = await bench.put(name, text, { ifGenerationMatch: live });
        live = info.generation;
        expect(okOf(await bench.other.head(name))).toEqual(info);
        expect(new TextDecoder().decode(okOf(await bench.other.get(name))?.bytes)).toBe(text);
      }
    });

    it('give exactly the generation that was asked for, or not-found', async () => {
      const name = `${bench.fresh('generation')}a.md`;
      const first = await bench.put(name, 'first');
      expectSameFacts(okOf(await bench.store.get(name, { generation: first.generation }))?.info, first);
      const second = await bench.put(name, 'second', { ifGenerationMatch: first.generation });
      failureOf(await bench.store.get(name, { generation: first.generation }), 'not-found');
      failureOf(await bench.store.getStream(name, { generation: first.generation }), 'not-found');
      const stream = okOf(await bench.store.getStream(name, { generation: second.generation }));
      expectSameFacts(stream?.info, second);
      for await (const chunk of stream!.chunks) expect(new TextDecoder().decode(chunk)).toBe('second');
      okOf(await stream!.done);
    });

    it('refuse an object that is larger than its reader takes', async () => {
      const name = `${bench.fresh('limit')}a.md`;
      await bench.put(name, 'eight by');
      failureOf(await bench.store.get(name, { limit: 7 }), 'corrupt');
      expect(okOf(await bench.store.get(name, { limit: 8 }))?.bytes).toHaveLength(8);
    });

    it('stream 10 MiB in parts, byte for byte', async () => {
      const name = `${bench.fresh('stream')}a.md`;
      const source = patternSource(10 * MIB);
      const info = await bench.put(name, source);
      const sent = createHash('sha256');
      for await (const chunk of source.stream()) sent.update(chunk);
      const got = createHash('sha256');
      let [largest, size] = [0, 0];
      const stream = okOf(await bench.store.getStream(name));
      expectSameFacts(stream?.info, info);
      for await (const chunk of stream!.chunks) {
        got.update(chunk);
        size += chunk.length;
        largest = Math.max(largest, chunk.length);
      }
      okOf(await stream!.done);
      expect(size).toBe(10 * MIB);
      expect(largest).toBeLessThanOrEqual(2 * MIB);
      expect(got.digest('hex')).toBe(sent.digest('hex'));
    });

    it('never hand out bytes that changed behind the store\u2019s back', async (context) => {
      if (bench.damage === null) return context.skip('a test cannot reach the bytes of this store');
      const name = `${bench.fresh('damage')}a.md`;
      await bench.put(name, 'sound bytes '.repeat(5000));
      await bench.damage(name);
      failureOf(await bench.store.get(name), 'corrupt');
      // A store may prove a small object before it hands out the first byte.
      const opened = await bench.store.getStream(name);
      if (!opened.ok) return void failureOf(opened, 'corrupt');
      for await (const chunk of opened.value!.chunks) expect(chunk.length).toBeGreaterThan(0);
      failureOf(await opened.value!.done, 'corrupt');
    });

    it('let a damaged object be replaced by its owner', async (context) => {
      if (bench.damage === null) return context.skip('a test cannot reach the bytes of this store');
      const name = `${bench.fresh('repair')}a.md`;
      const info = await bench.put(name, 'sound bytes');
      await bench.damage(name);
      await bench.put(name, 'sound bytes', { ifGenerationMatch: info.generation });
      expect(await bench.text(name)).toBe('sound bytes');
    });
  });

  describe('probe', () => {
    it('says that the store is there', async () => {
      const probe = okOf(await bench.store.probe());
      expect(probe.url).toBe(bench.store.url);
      expect(probe.writable).not.toBe(false);
      expect(probe.latencyMs).toBeGreaterThanOrEqual(0);
    });

    it('names no credential in its url', () => {
      expect(bench.store.url).toMatch(/^(?:gs|file|memory):\/\//);
      expect(bench.store.url).not.toMatch(/[?@]/);
    });
  });

  it('can be used again after close', async () => {
    const name = `${bench.fresh('closed')}a.md`;
    await bench.put(name, 'before');
    await bench.store.close();
    expect(await bench.text(name)).toBe('before');
  });
}
