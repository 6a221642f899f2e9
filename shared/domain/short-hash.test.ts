import { describe, expect, it } from 'vitest';
import { shortHash } from './short-hash.ts';

describe('shortHash', () => {
  // Published test vectors of the 64-bit FNV-1a.
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
  ])('of "%s" is what others make of it', (text, hash) => {
    expect(shortHash(text)).toBe(hash);
  });

  it('keeps leading zeros and takes any letter', () => {
    expect(shortHash('für Zoë 日本')).toMatch(/^[0-9a-f]{16}$/);
  });
});
