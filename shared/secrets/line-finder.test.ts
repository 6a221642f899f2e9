import { describe, expect, it } from 'vitest';
import { lineFinder } from './line-finder.ts';

const TEXT = new TextEncoder().encode('one\ntwo\n\nfour');

/** Counts how often it is searched. */
class Searched extends Uint8Array {
  searches = 0;

  override indexOf(value: number, from?: number): number {
    this.searches++;
    return super.indexOf(value, from);
  }
}

describe('the line of an offset', () => {
  it('is counted from 1, and a line end belongs to the line that it ends', () => {
    expect([0, 2, 3, 4, 7, 8, 9, 12].map(lineFinder(TEXT))).toEqual([1, 1, 1, 2, 2, 3, 4, 4]);
  });

  it('is found in any order', () => {
    expect([12, 0, 8, 4].map(lineFinder(TEXT))).toEqual([4, 1, 3, 2]);
  });

  it('is found for each of many without counting from the beginning', () => {
    const text = new Searched(8_000).fill(10);
    const lineOf = lineFinder(text);
    for (let at = 0; at < text.length; at++) expect(lineOf(at)).toBe(at + 1);
    expect(text.searches).toBeLessThanOrEqual(2 * text.length);
  });
});
