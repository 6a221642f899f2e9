import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asUtf8,
  decodeLog,
  decodeLogStrictly,
  encodeLog,
  encodingOf,
  type LogEncoding,
} from './decode-log.ts';

const MARKS: Record<LogEncoding, readonly number[]> = {
  'utf-8': [0xef, 0xbb, 0xbf],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
};
const withMark = (text: string, encoding: LogEncoding): Uint8Array =>
  new Uint8Array([...MARKS[encoding], ...encodeLog(text, encoding)]);

describe('the bytes of a log', () => {
  it('are the same text in each encoding, with its byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
          const bytes = withMark(text, encoding);
          expect(decodeLog(bytes)).toBe(text);
          expect(decodeLogStrictly(bytes)).toBe(text);
          expect(encodingOf(bytes)).toBe(encoding);
        }
      }),
    );
  });

  it('are UTF-8 without a mark, and what is none of it becomes a sign, or nothing where one must be sure', () => {
    const bytes = new Uint8Array([0x61, 0xe9, 0x62]);
    expect([decodeLog(bytes), decodeLogStrictly(bytes)]).toEqual(['a\ufffdb', null]);
    expect(decodeLogStrictly(new Uint8Array([0xff, 0xfe, 0x61]))).toBeNull();
    expect(decodeLog(new Uint8Array())).toBe('');
  });

  it('are cut in UTF-8, which most are already', () => {
    const plain = encodeLog('Zürich', 'utf-8');
    expect(asUtf8(plain)).toBe(plain);
    expect(asUtf8(withMark('Zürich', 'utf-16be'))).toEqual(plain);
  });
});
