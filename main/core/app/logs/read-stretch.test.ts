import { assert, integer, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutStretch } from './read-stretch.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads a whole log stretch by stretch, as the page does. */
function readAll(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let next: number | null = 0; next !== null;) {
    const stretch: ReturnType<typeof cutStretch> = cutStretch(bytes, next, length);
    expect(stretch.offset).toBe(next);
    expect(stretch.next === null || stretch.next > next).toBe(true);
    text += stretch.text;
    next = stretch.next;
  }
  return text;
}

describe('a stretch of a log', () => {
  it('never cuts a character, whatever its length', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 200 }), integer({ min: 4, max: 64 }), (text, length) => {
        expect(readAll(encode(text), length)).toBe(text);
      }),
    );
  });

  it('comes to an end in bytes that are no text', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), integer({ min: 4, max: 20 }), (bytes, length) => {
        readAll(bytes, length);
      }),
    );
  });

  it('begins behind the character that its offset cuts', () => {
    expect(cutStretch(encode('aé€b'), 2, 10)).toMatchObject({ offset: 3, text: '€b', next: null, size: 7 });
    expect(cutStretch(encode('abc'), 99, 10)).toMatchObject({ offset: 3, length: 0, text: '', next: null });
  });

  it('keeps a byte order mark, so that offsets add up', () => {
    expect(cutStretch(encode('\ufeffx'), 0, 10)).toMatchObject({ text: '\ufeffx', length: 4 });
  });
});
