import { expect, it } from 'vitest';
import { encodeLog } from '../../../shared/domain/decode-log.ts';
import { ok, unwrap } from '../../../shared/result.ts';
import { PIECE } from '../../../shared/secrets/pieces.ts';
import { scanBytes } from '../../adapters/secrets/scan-bytes.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { findInStream } from './find-in-stream.ts';

const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const random = createSeededRandom(4);
const token = (): string =>
  `ghp_${Array.from({ length: 36 }, () => LETTERS[random.below(LETTERS.length)]).join('')}`;
const countTokens = (text: string): number => text.length / 2;

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A text with a token at each edge that may be missed: of pieces, of what is seen ahead of one and behind. */
function textOf(length: number): string {
  let text = '';
  for (const edge of [PIECE, PIECE - 4_096, PIECE + 65_536, 2 * PIECE, 2 * PIECE - 20]) {
    text = text.padEnd(Math.min(length, edge - 20), 'word ');
    if (text.length < length - 60 && text.length <= edge) text += ` ${token()}\n`;
  }
  return text.padEnd(length, 'line of a log\n');
}

it.each([
  ['utf-8', 3 * PIECE + 17],
  ['utf-8', PIECE],
  ['utf-8', 2 * PIECE],
  ['utf-16le', 2 * PIECE + 5],
  ['utf-16be', PIECE + 1],
  ['utf-8', 0],
  ['utf-8', 3],
] as const)(
  'finds in chunks of a %s text of %i characters what is found in the whole',
  async (encoding, length) => {
    const text = textOf(length);
    const bytes = encodeLog(encoding === 'utf-8' ? text : `\uFEFF${text}`, encoding);
    const whole = scanBytes(bytes, countTokens);
    let largest = 0;
    for (const size of [256 * 1024, 999_983]) {
      const { start, found } = unwrap(
        await findInStream(inChunks(bytes, size), async (piece) => {
          largest = Math.max(largest, piece.length);
          return ok(scanBytes(piece, countTokens, true));
        }),
      );
      expect(found).toEqual(whole.map((one) => ({ ...one, value: bytes.slice(one.start, one.end) })));
      expect(start).toEqual(bytes.subarray(0, 4));
    }
    expect(largest).toBeLessThan(2.3 * PIECE);
  },
);
