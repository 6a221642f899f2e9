import { describe, expect, it } from 'vitest';
import { installedMatchesLock } from './installed-lock.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-darwin': { version: '1.0.0', integrity: 'sha512-d', optional: true },
  },
};
const a = { version: '1.0.0', integrity: 'sha512-a' };

describe('installedMatchesLock', () => {
  it('accepts a folder that lacks only what is optional', () => {
    expect(installedMatchesLock(lock, { packages: { 'node_modules/a': a } })).toBe(true);
  });

  it.each([
    ['a package is missing', {}],
    ['a version differs', { 'node_modules/a': { ...a, version: '1.0.1' } }],
    ['the content differs', { 'node_modules/a': { ...a, integrity: 'sha512-b' } }],
    ['a package is there that nobody asked for', { 'node_modules/a': a, 'node_modules/z': a }],
    [
      'an optional one has another version',
      { 'node_modules/a': a, 'node_modules/a-darwin': { ...a, version: '0.9.0' } },
    ],
  ])('refuses one where %s', (_case, packages) => {
    expect(installedMatchesLock(lock, { packages })).toBe(false);
  });
});
