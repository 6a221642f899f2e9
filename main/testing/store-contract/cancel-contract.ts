import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf, patternSource } from '../byte-source-of.ts';
import { failureOf, okOf, type ContractBench } from './contract-bench.ts';

const MIB = 1024 * 1024;

/** What any call does when its caller goes away. */
export function cancelContract(bench: ContractBench): void {
  describe('a call whose signal aborts', () => {
    it('does nothing when it was aborted before', async () => {
      const name = `${bench.fresh('before')}a.md`;
      const info = await bench.put(name, 'x');
      const signal = AbortSignal.abort();
      const target = `${name}.copy`;
      const calls: ((store: ObjectStore) => Promise<Result<unknown, AppError>>)[] = [
        (store) => store.list(name, { signal }),
        (store) => store.head(name, { signal }),
        (store) => store.get(name, { signal }),
        (store) => store.getStream(name, { signal }),
        (store) =>
          store.put(target, byteSourceOf('y'), { ifGenerationMatch: '0', contentType: 'text/plain', signal }),
        (store) => store.copy(info, target, { ifGenerationMatch: '0', signal }),
        (store) => store.probe({ signal }),
      ];
      for (const call of calls) failureOf(await call(bench.store), 'cancelled');
      expect(okOf(await bench.store.head(target))).toBeNull();
    });

    it('leaves nothing of an upload it interrupts', async () => {
      for (const size of [300_000, 12 * MIB]) {
        const name = `${bench.fresh('upload')}a.md`;
        const stop = new AbortController();
        const source = patternSource(size, {
          onChunk: (sent) => (sent > size / 2 ? stop.abort() : undefined),
        });
        const put = { ifGenerationMatch: '0', contentType: 'text/plain', signal: stop.signal };
        failureOf(await bench.store.put(name, source, put), 'cancelled');
        expect(okOf(await bench.store.head(name))).toBeNull();
        await bench.put(name, 'the next run');
        expect(await bench.text(name)).toBe('the next run');
      }
    });

    it('ends a download that is under way', async () => {
      const name = `${bench.fresh('download')}a.md`;
      await bench.put(name, patternSource(10 * MIB));
      const stop = new AbortController();
      const stream = okOf(await bench.store.getStream(name, { signal: stop.signal }));
      let size = 0;
      for await (const chunk of stream!.chunks) {
        size += chunk.length;
        stop.abort();
      }
      expect(size).toBeLessThan(10 * MIB);
      failureOf(await stream!.done, 'cancelled');
    });

    it('settles a download that nobody reads', async () => {
      const name = `${bench.fresh('unread')}a.md`;
      await bench.put(name, patternSource(2 * MIB));
      const stop = new AbortController();
      const stream = okOf(await bench.store.getStream(name, { signal: stop.signal }));
      stop.abort();
      failureOf(await stream!.done, 'cancelled');
    });
  });

  it('settles a download whose reader stops early, and goes on working', async () => {
    const name = `${bench.fresh('early')}a.md`;
    await bench.put(name, patternSource(10 * MIB));
    const stream = okOf(await bench.store.getStream(name));
    for await (const chunk of stream!.chunks) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    failureOf(await stream!.done, 'cancelled');
    expect(okOf(await bench.store.head(name))).toMatchObject(bench.stated(patternSource(10 * MIB)));
  });
}
