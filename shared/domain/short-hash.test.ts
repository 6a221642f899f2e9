import { describe, expect, it } from 'vitest';
import { shortHash } from './short-hash.ts';

describe('shortHash', () => {
  // The 64-bit values of the test vectors of RFC 9923, appendix C.
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
  ])('of "%s" is what the RFC says', (text, hash) => {
    expect(shortHash(text)).toBe(hash);
  });

  it('keeps leading zeros and takes any letter', () => {
    expect(shortHash('für Zoë 日本')).toMatch(/^[0-9a-f]{16}$/);
  });
});
