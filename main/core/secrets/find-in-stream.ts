import type { Answer } from '../../../shared/app-error.ts';
import { encodingOf } from '../../../shared/domain/decode-log.ts';
import { joinBytes } from '../../../shared/join-bytes.ts';
import { ok } from '../../../shared/result.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';
import { AHEAD, BACK, ofPiece, PIECE } from '../../../shared/secrets/pieces.ts';
import type { FoundInStream, FoundSecret } from '../ports/secret-watch.ts';

/** Scans a piece with its context. */
type Find = (piece: Uint8Array) => Answer<readonly Finding[]>;

/**
 * Finds the same in chunked bytes as in all of them at once, holding one piece at a time.
 * @param find gets a piece in the encoding of the whole, with its byte order mark if that has one
 */
export async function findInStream(
  chunks: AsyncIterable<Uint8Array>,
  find: Find,
): Answer<Omit<FoundInStream, 'isClean'>> {
  const reader = createReader(chunks);
  const start = (await reader.from(0, 4)).slice();
  const isWide = encodingOf(start) !== 'utf-8';
  // Two bytes per character, after the two of the byte order mark; else one byte each.
  const [mark, width] = isWide ? [start.slice(0, 2), 2] : [new Uint8Array(), 1];
  const byteOf = (character: number): number => mark.length + character * width;
  const all: FoundSecret[] = [];
  for (let at = 0; ; at += PIECE) {
    const from = Math.max(0, at - BACK);
    const piece = await reader.from(byteOf(from), byteOf(at + PIECE + AHEAD));
    if (byteOf(from) + piece.length <= byteOf(at)) return ok({ start, found: all });
    const found = await find(joinBytes([mark, piece]));
    if (!found.ok) return found;
    const last = ((all.at(-1)?.end ?? 0) - mark.length) / width;
    const inCharacters = found.value.map((one) => ({
      ...one,
      start: (one.start - mark.length) / width,
      end: (one.end - mark.length) / width,
    }));
    for (const one of ofPiece(inCharacters, from, at, last)) {
      const [begin, end] = [byteOf(one.start), byteOf(one.end)];
      all.push({ ...one, start: begin, end, value: piece.slice(begin - byteOf(from), end - byteOf(from)) });
    }
  }
}

/** Returns consecutive, possibly overlapping stretches of a stream; drops what is before one. */
function createReader(chunks: AsyncIterable<Uint8Array>): {
  from(start: number, end: number): Promise<Uint8Array>;
} {
  const iterator = chunks[Symbol.asyncIterator]();
  // One buffer for everything: new ones would pile up until garbage collection.
  const room = new Uint8Array((BACK + PIECE + AHEAD) * 2);
  let [roomAt, used, taken]: [number, number, number] = [0, 0, 0];
  let chunk: Uint8Array | null = new Uint8Array();
  return {
    from: async (start, end) => {
      const gone = start - roomAt;
      room.copyWithin(0, gone, used);
      [roomAt, used] = [start, Math.max(0, used - gone)];
      while (chunk !== null && used < end - start) {
        if (taken === chunk.length) {
          const next = await iterator.next();
          [chunk, taken] = [next.done ? null : next.value, 0];
          continue;
        }
        const part = chunk.subarray(taken, taken + room.length - used);
        room.set(part, used);
        [used, taken] = [used + part.length, taken + part.length];
      }
      return room.subarray(0, Math.min(used, end - start));
    },
  };
}
