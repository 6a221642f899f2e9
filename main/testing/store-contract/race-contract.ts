import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf } from '../byte-source-of.ts';
import { failureOf, okOf, type ContractBench } from './contract-bench.ts';

/** What preconditions promise when several machines write one name. */
export function raceContract(bench: ContractBench): void {
  describe('two machines on one name', () => {
    const put = (ifGenerationMatch: string) => ({ ifGenerationMatch, contentType: 'text/plain' });

    it('exactly one of them makes it', async () => {
      for (let round = 0; round < 5; round++) {
        const name = `${bench.fresh('create')}a.md`;
        const bodies = Array.from({ length: 8 }, (_, i) => `writer ${i} of round ${round}`);
        const results = await Promise.all(
          bodies.map((body, i) =>
            (i % 2 ? bench.store : bench.other).put(name, byteSourceOf(body), put('0')),
          ),
        );
        const winners = bodies.filter((_, i) => results[i]?.ok);
        expect(winners).toHaveLength(1);
        for (const result of results) if (!result.ok) failureOf(result, 'precondition');
        expect(await bench.text(name)).toBe(winners[0]);
      }
    });

    it('exactly one of them replaces it', async () => {
      const name = `${bench.fresh('replace')}a.md`;
      let live = (await bench.put(name, 'start')).generation;
      for (let round = 0; round < 3; round++) {
        const results = await Promise.all(
          Array.from({ length: 6 }, (_, i) =>
            (i % 2 ? bench.store : bench.other).put(name, byteSourceOf(`${round}.${i}`), put(live)),
          ),
        );
        const winner = results.findIndex((result) => result.ok);
        expect(results.filter((result) => result.ok)).toHaveLength(1);
        for (const result of results) if (!result.ok) failureOf(result, 'precondition');
        expect(await bench.text(name)).toBe(`${round}.${winner}`);
        live = okOf(await bench.store.head(name))!.generation;
      }
    });

    it('no update is lost when each reads, adds and writes under its generation', async () => {
      const name = `${bench.fresh('counter')}a.md`;
      await bench.put(name, '0');
      // Each body names its writer: equal bytes would be taken for a lost reply of one's own.
      const add = async (times: number, writer: string, store: ObjectStore): Promise<void> => {
        for (let done = 0; done < times;) {
          const got = okOf(await store.get(name))!;
          const next = Number.parseInt(new TextDecoder().decode(got.bytes), 10) + 1;
          const written = await store.put(
            name,
            byteSourceOf(`${next} by ${writer}`),
            put(got.info.generation),
          );
          if (written.ok) done++;
          else failureOf(written, 'precondition');
        }
      };
      await Promise.all([add(5, 'store', bench.store), add(5, 'other', bench.other)]);
      const count = Number.parseInt(await bench.text(name), 10);
      expect(count).toBeGreaterThanOrEqual(10);
      // Where replies get lost, a write may have been made and replaced before its writer could look: it is told `precondition` and
      // adds again. Never too few, then, but it may be one too many.
      if (!bench.losesReplies) expect(count).toBe(10);
    });
  });
}
