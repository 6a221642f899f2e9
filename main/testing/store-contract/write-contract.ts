import { describe, expect, it } from 'vitest';
import { byteSourceOf, changingSource, collect, lyingSource, patternSource } from '../byte-source-of.ts';
import { expectSameFacts, failureOf, okOf, type ContractBench } from './contract-bench.ts';

const MIB = 1024 * 1024;

/** What `put` promises. */
export function writeContract(bench: ContractBench): void {
  describe('put', () => {
    it('answers with the facts that head, get and list then give', async () => {
      const name = `${bench.fresh('facts')}a.md`;
      const bytes = new TextEncoder().encode('# A log\n');
      const info = await bench.put(name, bytes, {
        metadata: { sha256: 'ab12', 'mtime-ms': '1736000000000' },
      });
      expect(info).toMatchObject({
        name,
        ...bench.stated(bytes),
        metadata: { sha256: 'ab12', 'mtime-ms': '1736000000000' },
      });
      expect(info.generation).toMatch(/^[1-9]\d*$/);
      expect(Number.isSafeInteger(info.updated)).toBe(true);
      expect(info.updated).toBeGreaterThan(Date.UTC(2025, 0, 1));
      expect(okOf(await bench.store.head(name))).toEqual(info);
      const got = okOf(await bench.store.get(name));
      expectSameFacts(got?.info, info);
      expect(got?.bytes).toEqual(bytes);
      expect(okOf(await bench.store.list(name)).objects).toEqual([info]);
    });

    it('keeps no metadata as no metadata', async () => {
      const info = await bench.put(`${bench.fresh('bare')}a.md`, 'x');
      expect(bench.said(info)).toEqual({});
    });

    it('refuses metadata that could not come back as it went', async () => {
      const name = `${bench.fresh('metadata')}a.md`;
      const bad: Record<string, string>[] = [
        { Upper: 'x' },
        { 'a b': 'x' },
        { key: 'umläut' },
        { key: 'line\nbreak' },
        { key: ' space' },
        { key: 'x'.repeat(8190) },
      ];
      for (const metadata of bad) {
        const put = { ifGenerationMatch: '0', contentType: 'text/plain', metadata };
        failureOf(await bench.store.put(name, byteSourceOf('x'), put), 'invalid-input');
      }
      expect(okOf(await bench.store.head(name))).toBeNull();
    });

    it('stores 0 bytes', async () => {
      const name = `${bench.fresh('empty')}a.md`;
      const info = await bench.put(name, new Uint8Array(0));
      expect(info).toMatchObject(bench.stated(new Uint8Array(0)));
      expect(okOf(await bench.store.get(name))?.bytes).toEqual(new Uint8Array(0));
      const stream = okOf(await bench.store.getStream(name));
      expect(await collect(stream!.chunks)).toEqual(new Uint8Array(0));
      okOf(await stream!.done);
    });

    it('stores every byte value and invalid UTF-8 untouched', async () => {
      const name = `${bench.fresh('binary')}a.md`;
      const bytes = new Uint8Array(70_000).map((_, i) => (i * 7 + (i >> 8)) & 0xff);
      bytes.set([0x61, 0xff, 0x62, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x0d, 0x0a, 0x2d, 0x2d], 0);
      await bench.put(name, bytes);
      expect(okOf(await bench.store.get(name))?.bytes).toEqual(bytes);
    });

    it('sends 10 MiB from a stream', async () => {
      const name = `${bench.fresh('large')}a.md`;
      const source = patternSource(10 * MIB);
      const info = await bench.put(name, source);
      expect(info).toMatchObject(bench.stated(source));
    });

    it('with precondition 0 leaves what is there', async () => {
      const name = `${bench.fresh('exists')}a.md`;
      const first = await bench.put(name, 'first');
      const second = { ifGenerationMatch: '0', contentType: 'text/plain' };
      const error = failureOf(await bench.store.put(name, byteSourceOf('second'), second), 'precondition');
      expect(error.transient).toBe(false);
      expect(okOf(await bench.store.head(name))).toEqual(first);
      expect(await bench.text(name)).toBe('first');
    });

    it('replaces exactly the generation it names', async () => {
      const name = `${bench.fresh('replace')}a.md`;
      const first = await bench.put(name, 'first', { metadata: { seq: '1' } });
      const second = await bench.put(name, 'second', {
        ifGenerationMatch: first.generation,
        metadata: { seq: '2' },
      });
      expect(second.generation).not.toBe(first.generation);
      expect(bench.said(second)).toEqual({ seq: '2' });
      const late = { ifGenerationMatch: first.generation, contentType: 'text/plain' };
      failureOf(await bench.store.put(name, byteSourceOf('late'), late), 'precondition');
      expect(await bench.text(name)).toBe('second');
    });

    it('with a generation on a name that is free is a failed precondition', async () => {
      const name = `${bench.fresh('absent')}a.md`;
      const put = { ifGenerationMatch: '1736000000000000', contentType: 'text/plain' };
      failureOf(await bench.store.put(name, byteSourceOf('x'), put), 'precondition');
      expect(okOf(await bench.store.head(name))).toBeNull();
    });

    it('gives a new generation for the same bytes', async () => {
      const name = `${bench.fresh('same')}a.md`;
      const generations = new Set<string>();
      let live = '0';
      for (let i = 0; i < 3; i++) {
        live = (await bench.put(name, 'same', { ifGenerationMatch: live })).generation;
        generations.add(live);
      }
      expect(generations.size).toBe(3);
    });

    it('takes a failed precondition on its own bytes for its own lost reply', async () => {
      const name = `${bench.fresh('lost')}a.md`;
      const first = await bench.put(name, 'ours');
      if (bench.seals) {
        // The same text is other bytes each time it is sealed: its writer looks again, as a failed precondition asks.
        const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
        failureOf(await bench.store.put(name, byteSourceOf('ours'), put), 'precondition');
        return;
      }
      expect(await bench.put(name, 'ours')).toEqual(first);
      const second = await bench.put(name, 'ours, longer', { ifGenerationMatch: first.generation });
      expect(await bench.put(name, 'ours, longer', { ifGenerationMatch: first.generation })).toEqual(second);
    });

    it('stores nothing from a file that is cut while it is read', async () => {
      for (const size of [100_000, 10 * MIB]) {
        const name = `${bench.fresh('cut')}a.md`;
        const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
        const error = failureOf(await bench.store.put(name, changingSource(size), put), 'io');
        expect(error.transient).toBe(true);
        expect(okOf(await bench.store.head(name))).toBeNull();
        expect(okOf(await bench.store.list(name)).objects).toEqual([]);
      }
    });

    it('stores nothing that does not match its checksum', async () => {
      const name = `${bench.fresh('lying')}a.md`;
      const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
      failureOf(await bench.store.put(name, lyingSource(5000), put), 'corrupt');
      expect(okOf(await bench.store.head(name))).toBeNull();
    });

    it('refuses a precondition that is no generation', async () => {
      const name = `${bench.fresh('nonsense')}a.md`;
      for (const ifGenerationMatch of ['', '-1', '1e3', '0x10', ' 0']) {
        const put = { ifGenerationMatch, contentType: 'text/plain' };
        failureOf(await bench.store.put(name, byteSourceOf('x'), put), 'invalid-input');
      }
    });
  });
}
