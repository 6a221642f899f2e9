import { describe, expect, it } from 'vitest';
import { takesUtf8 } from './terminal-encoding.ts';

describe('takesUtf8', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, 'linux', false, true],
    [{ LANG: 'C.utf8' }, 'linux', true, true],
    [{ LANG: 'C' }, 'linux', true, false],
    [{}, 'linux', true, false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, 'linux', true, false],
    [{ LC_ALL: '', LC_CTYPE: 'UTF-8' }, 'darwin', false, true],
    [{}, 'darwin', false, true],
    [{ LANG: 'C' }, 'darwin', false, false],
    [{}, 'win32', true, true],
    [{}, 'win32', false, false],
    [{ LANG: 'de_DE.UTF-8' }, 'win32', false, true],
  ] as const)('%j on %s, terminal %s: %s', (env, platform, terminal, utf8) => {
    expect(takesUtf8(env, platform, terminal)).toBe(utf8);
  });
});
