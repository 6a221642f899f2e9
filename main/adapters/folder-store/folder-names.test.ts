import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { howOften } from '../../testing/how-often.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { foldName, folderNameProblem, nodePath, RECORDS_FOLDER, visiblePath } from './folder-names.ts';

const NAMES = howOften(20_000, 1_000_000);
const PIECES = [
  'a',
  'B',
  'log',
  '.md',
  '-',
  '_',
  ' ',
  '.',
  '..',
  '/',
  '//',
  '\\',
  ':',
  'C:',
  '%2e',
  '%00',
  '\u0000',
  '\n',
  '\u001b',
  'con',
  'NUL',
  'com1',
  'aux.',
  '~',
  '$',
  '*',
  '?',
  '<',
  '|',
  '"',
  'é',
  'e\u0301',
  'ß',
  'ſ',
  'İ',
  'ﬁ',
  '😀',
  '\ud800',
  '\u202e',
  '\u200b',
  '\ufeff',
  RECORDS_FOLDER,
  '.Session-Log-Store',
  'objects',
  'staging',
  'store.json',
  'x'.repeat(100),
  'ü'.repeat(100),
  'tenant-a/machines/0f3c/2026-01/x.md',
] as const;

describe(`names as files: ${NAMES} drawn at random`, () => {
  it('never leave the folder, never touch the records, and come back as they went', () => {
    const random = createSeededRandom(1);
    let accepted = 0;
    for (let i = 0; i < NAMES; i++) {
      const name = Array.from({ length: 1 + random.below(6) }, () => random.pick(PIECES)).join('');
      if (folderNameProblem(name) !== null) continue;
      accepted++;
      const path = visiblePath('/nas/logs', name);
      expect(posix.relative('/nas/logs', path)).toBe(name);
      // The same on the strictest platform that may mount the folder.
      const windows = win32.resolve('C:\\logs', ...name.split('/'));
      expect(win32.relative('C:\\logs', windows).replaceAll('\\', '/')).toBe(name);
      expect(path.startsWith(`/nas/logs/${RECORDS_FOLDER}/`)).toBe(false);
      expect(foldName(name.split('/')[0] ?? '')).not.toBe(RECORDS_FOLDER);
      expect(nodePath('/nas/logs', name)).toMatch(
        /^\/nas\/logs\/\.session-log-store\/objects\/[0-9a-f]{2}\/[0-9a-f]{40}$/,
      );
    }
    expect(accepted).toBeGreaterThan(NAMES / 20);
    expect(accepted).toBeLessThan(NAMES / 2);
  });

  it.each([
    ['Log.md', 'log.md'],
    ['café', 'cafe\u0301'],
    ['STRASSE', 'straße'],
    ['ſ', 'S'],
    ['Σίσυφος', 'ΣΊΣΥΦΟΣ'],
    ['K', '\u212a'],
  ])('%s and %s are twins', (one, two) => {
    expect(foldName(one)).toBe(foldName(two));
    expect(nodePath('/r', one)).toBe(nodePath('/r', two));
  });

  it.each([
    ['a', 'b'],
    ['a/b', 'ab'],
    ['a b', 'ab'],
    ['é', 'e'],
  ])('%s and %s are not', (one, two) => {
    expect(nodePath('/r', one)).not.toBe(nodePath('/r', two));
  });
});
