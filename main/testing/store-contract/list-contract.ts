import { describe, expect, it } from 'vitest';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import { inParallel, okOf, type ContractBench } from './contract-bench.ts';

/** What `list` promises. */
export function listContract(bench: ContractBench): void {
  async function all(prefix: string, pageSize?: number): Promise<{ objects: ObjectInfo[]; pages: number }> {
    const objects: ObjectInfo[] = [];
    let [pages, token] = [0, undefined as string | undefined];
    do {
      const page = okOf(
        await bench.store.list(prefix, {
          ...(token === undefined ? {} : { pageToken: token }),
          ...(pageSize === undefined ? {} : { pageSize }),
        }),
      );
      objects.push(...page.objects);
      pages++;
      token = page.nextPageToken;
    } while (token !== undefined);
    return { objects, pages };
  }

  describe('list', () => {
    it('is empty, not an error, where nothing is', async () => {
      expect(okOf(await bench.store.list(bench.fresh('nothing')))).toEqual({ objects: [] });
    });

    it('pages through more than 1,000 objects, each once, in order', async () => {
      const prefix = bench.fresh('many');
      const names = Array.from(
        { length: 1005 },
        (_, i) => `${prefix}2026-${(i % 12) + 1}/log-${String(i).padStart(5, '0')}.md`,
      );
      await inParallel(names, 16, async (name) => void (await bench.put(name, name)));
      const sorted = [...names].sort();
      const first = okOf(await bench.store.list(prefix));
      expect(first.objects).toHaveLength(1000);
      expect(first.nextPageToken).toBeDefined();
      const whole = await all(prefix);
      expect(whole.pages).toBe(2);
      expect(whole.objects.map((object) => object.name)).toEqual(sorted);
      expect((await all(prefix, 201)).objects).toEqual(whole.objects);
      expect(okOf(await bench.store.head(sorted[1004]!))).toEqual(whole.objects[1004]);
    });

    it('ends exactly at a page that is full', async () => {
      const prefix = bench.fresh('full');
      for (const name of ['a', 'b', 'c', 'd']) await bench.put(prefix + name, name);
      expect(await all(prefix, 2)).toMatchObject({ objects: { length: 4 } });
      expect((await all(prefix, 4)).objects.map((object) => object.name)).toEqual(
        ['a', 'b', 'c', 'd'].map((n) => prefix + n),
      );
    });

    it('takes a prefix by its characters, not by folders', async () => {
      const prefix = bench.fresh('prefix');
      const names = ['log-1.md', 'log-10.md', 'log-2.md', 'log/1.md', 'logs/1.md'];
      for (const name of names) await bench.put(prefix + name, name);
      const listed = async (part: string) =>
        (await all(prefix + part)).objects.map((o) => o.name.slice(prefix.length));
      expect(await listed('log-1')).toEqual(['log-1.md', 'log-10.md']);
      expect(await listed('log/')).toEqual(['log/1.md']);
      expect(await listed('log')).toEqual(['log-1.md', 'log-10.md', 'log-2.md', 'log/1.md', 'logs/1.md']);
      expect(await listed('log-1.md')).toEqual(['log-1.md']);
      expect(await listed('log-1.md/')).toEqual([]);
      expect(await listed('Log')).toEqual([]);
    });

    it('orders by UTF-8 bytes, and a folder by its slash', async () => {
      const prefix = bench.fresh('order');
      const names = ['a+b', 'a-b', 'a.b', 'a/b', 'a/c/d', 'a0', 'ab', 'b', 'é', 'ﬁ\ufffd', '😀', '😀/x', '𝒳'];
      for (const name of [...names].reverse()) {
        // One name is not also a folder: a file system could not keep both.
        if (name !== '😀') await bench.put(prefix + name, name);
      }
      const expected = names.filter((name) => name !== '😀').map((name) => prefix + name);
      expected.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect((await all(prefix)).objects.map((object) => object.name)).toEqual(expected);
      expect((await all(prefix, 1)).objects.map((object) => object.name)).toEqual(expected);
    });

    it('shows a write at once, with its new generation', async () => {
      const prefix = bench.fresh('after-write');
      let live = '0';
      for (let i = 0; i < 3; i++) {
        const info = await bench.put(`${prefix}a.md`, `text ${i}`, { ifGenerationMatch: live });
        live = info.generation;
        expect(okOf(await bench.other.list(prefix)).objects).toEqual([info]);
      }
    });

    it('goes on behind the token, whatever was written meanwhile', async () => {
      const prefix = bench.fresh('moving');
      for (const name of ['b', 'd', 'f', 'h']) await bench.put(prefix + name, name);
      const first = okOf(await bench.store.list(prefix, { pageSize: 2 }));
      expect(first.objects.map((object) => object.name)).toEqual([`${prefix}b`, `${prefix}d`]);
      for (const name of ['a', 'e', 'i']) await bench.put(prefix + name, name);
      const rest = okOf(await bench.store.list(prefix, { pageToken: first.nextPageToken! }));
      // What was there is listed once; what came meanwhile may be, if it sorts behind the first page.
      const names = rest.objects.map((object) => object.name.slice(prefix.length));
      expect(names.filter((name) => name === 'f' || name === 'h')).toEqual(['f', 'h']);
      expect(['e', 'f', 'h', 'i'].filter((name) => names.includes(name))).toEqual(names);
    });
  });
}
