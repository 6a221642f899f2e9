import { describe, expect, it } from 'vitest';
import { failureOf, okOf, type ContractBench } from './contract-bench.ts';

/** What `copy` promises. */
export function copyContract(bench: ContractBench): void {
  describe('copy', () => {
    it('keeps bytes, checksum and metadata under a new name, and leaves the old', async () => {
      const prefix = bench.fresh('copy');
      const from = await bench.put(`${prefix}a.md`, 'the old version', { metadata: { seq: '7' } });
      const target = `${prefix}a.md.gen-${from.generation}`;
      const copied = okOf(await bench.store.copy(from, target, { ifGenerationMatch: '0' }));
      expect(copied).toMatchObject({
        name: target,
        size: from.size,
        crc32c: from.crc32c,
        metadata: { seq: '7' },
      });
      expect(okOf(await bench.store.head(target))).toEqual(copied);
      expect(await bench.text(target)).toBe('the old version');
      expect(okOf(await bench.store.head(from.name))).toEqual(from);
    });

    it('may be repeated when its reply was lost', async () => {
      const prefix = bench.fresh('copy-again');
      const from = await bench.put(`${prefix}a.md`, 'x');
      const first = okOf(await bench.store.copy(from, `${prefix}b.md`, { ifGenerationMatch: '0' }));
      expect(okOf(await bench.store.copy(from, `${prefix}b.md`, { ifGenerationMatch: '0' }))).toEqual(first);
    });

    it('does not replace other bytes', async () => {
      const prefix = bench.fresh('copy-over');
      const from = await bench.put(`${prefix}a.md`, 'a');
      const target = await bench.put(`${prefix}b.md`, 'b');
      failureOf(await bench.store.copy(from, target.name, { ifGenerationMatch: '0' }), 'precondition');
      failureOf(await bench.store.copy(from, target.name, { ifGenerationMatch: '123' }), 'precondition');
      expect(await bench.text(target.name)).toBe('b');
      const over = okOf(await bench.store.copy(from, target.name, { ifGenerationMatch: target.generation }));
      expect(over.generation).not.toBe(target.generation);
      if (bench.seals) failureOf(await bench.store.get(target.name), 'corrupt');
      else expect(await bench.text(target.name)).toBe('a');
    });

    it('of a generation that is no longer live is not-found, and makes nothing', async () => {
      const prefix = bench.fresh('copy-stale');
      const first = await bench.put(`${prefix}a.md`, 'first');
      await bench.put(first.name, 'second', { ifGenerationMatch: first.generation });
      failureOf(await bench.store.copy(first, `${prefix}b.md`, { ifGenerationMatch: '0' }), 'not-found');
      const nothing = { name: `${prefix}never.md`, generation: first.generation };
      failureOf(await bench.store.copy(nothing, `${prefix}b.md`, { ifGenerationMatch: '0' }), 'not-found');
      expect(okOf(await bench.store.head(`${prefix}b.md`))).toBeNull();
    });
  });
}
