import { crc32c } from '../../../shared/domain/checksum.ts';
import { bodyDamaged, callCancelled, sourceChanged } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { ByteSourceChanged, type ByteSource } from '../../core/ports/byte-source.ts';
import type { Failure } from './gcs-failure.ts';

/** Splits a source into equal chunks, keeps one at a time, and can go back within it. */
export interface ChunkReader {
  /** Where the current chunk begins; anything before it is gone, and needs a new reader. */
  readonly start: number;
  /** Returns the bytes from `offset` to the end of their chunk. Fails when the source is not as announced. */
  chunkAt(offset: number, signal: AbortSignal): Promise<Result<Uint8Array, Failure>>;
  close(): Promise<void>;
}

/** @param names for messages: the store and the object */
export function createChunkReader(
  body: ByteSource,
  chunk: number,
  names: { readonly url: string; readonly name: string },
): ChunkReader {
  const parts = body.stream()[Symbol.asyncIterator]();
  let hand: Buffer = Buffer.alloc(0);
  let rest: Uint8Array = new Uint8Array(0);
  let [start, sum, ended] = [0, 0, false];

  /** Reads the next chunk. */
  async function fill(signal: AbortSignal): Promise<Failure | null> {
    start += hand.length;
    const pieces: Uint8Array[] = [];
    let have = 0;
    while (have < chunk && !ended) {
      if (signal.aborted) return { error: callCancelled(names.url), retry: 'never' };
      if (rest.length === 0) {
        const next = await parts.next();
        if (next.done === true) ended = true;
        else rest = next.value;
        continue;
      }
      const piece = rest.subarray(0, chunk - have);
      rest = rest.subarray(piece.length);
      pieces.push(piece);
      have += piece.length;
      sum = crc32c(piece, sum);
    }
    hand = Buffer.concat(pieces, have);
    const end = start + have;
    if (end > body.size || (ended && rest.length === 0 && end !== body.size))
      return { error: sourceChanged(names.name), retry: 'never' };
    // Known before the last byte is sent, so that a wrongly described file never becomes an object.
    if (end === body.size && sum !== body.crc32c)
      return { error: bodyDamaged(names.url, names.name, 'write'), retry: 'never' };
    return null;
  }

  return {
    get start() {
      return start;
    },
    chunkAt: async (offset, signal) => {
      try {
        while (offset >= start + hand.length && offset < body.size) {
          const failure = await fill(signal);
          if (failure !== null) return err(failure);
        }
      } catch (error) {
        if (error instanceof ByteSourceChanged)
          return err({ error: sourceChanged(names.name), retry: 'never' });
        throw error;
      }
      return ok(hand.subarray(offset - start));
    },
    close: async () => {
      await parts.return?.();
    },
  };
}
