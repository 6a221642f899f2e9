import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatRecordName, isDesktopJunk, parseRecordName } from './record-name.ts';

const OWNER = { host: '0123abcd', boot: '0123456789abcdef', pidns: '4026531836', pid: 4242, start: '59625' };
const NONCE = 'fedcba9876543210';

describe('the name of a record', () => {
  it('says who, and is read back', () => {
    const name = formatRecordName(OWNER, NONCE);
    expect(name).toBe('o-0123abcd-0123456789abcdef-4026531836-4242-59625-fedcba9876543210');
    expect(parseRecordName(name)).toEqual({ ...OWNER, nonce: NONCE });
  });

  it('stays short with the largest numbers', () => {
    const widest = { ...OWNER, pidns: '9'.repeat(20), pid: 2_147_483_647, start: '9'.repeat(20) };
    const name = formatRecordName(widest, NONCE);
    expect(name.length).toBeLessThanOrEqual(110);
    expect(parseRecordName(name)).toEqual({ ...widest, nonce: NONCE });
  });

  it.each([
    '',
    'o-',
    'owner',
    '.DS_Store',
    `o-0123ABCD-0123456789abcdef-1-4242-1-${NONCE}`,
    `o-0123abcd-0123456789abcdef-1-0-1-${NONCE}`,
    `o-0123abcd-0123456789abcdef-1--1-1-${NONCE}`,
    // Would wrap to a process group in a 32-bit pid.
    `o-0123abcd-0123456789abcdef-1-4294967295-1-${NONCE}`,
    `o-0123abcd-0123456789abcdef-1-2147483648-1-${NONCE}`,
    `o-0123abcd-0123456789abcdef-1-42-1-${NONCE}0`,
    `o-0123abcd-0123456789abcdef-1-42-1-${NONCE}\n`,
    `../o-0123abcd-0123456789abcdef-1-42-1-${NONCE}`,
  ])('is not %j', (name) => {
    expect(parseRecordName(name)).toBeNull();
  });

  it('never throws, and what it reads it can write', () => {
    assert(
      property(string({ maxLength: 120 }), (name) => {
        const parsed = parseRecordName(name);
        return parsed === null || formatRecordName(parsed, parsed.nonce) === name;
      }),
    );
  });
});

it.each([
  ['.DS_Store', true],
  ['Thumbs.db', true],
  ['desktop.ini', true],
  ['._anything', true],
  ['owner', false],
  [formatRecordName(OWNER, NONCE), false],
])('%s is desktop junk: %s', (name, junk) => {
  expect(isDesktopJunk(name)).toBe(junk);
});
