import { describe, expect, it } from 'vitest';
import { below, folderPath, inFolder, nameOf, parentOf } from './folder-path.ts';

describe('paths without a path library', () => {
  it.each([
    ['/a/b/', '/a/b'],
    ['/', '/'],
    ['C:\\Users\\mike\\', 'C:/Users/mike'],
    ['C:\\', 'C:/'],
    ['\\\\server\\share\\logs', '//server/share/logs'],
    // On POSIX a backslash is a letter like any other.
    ['/a\\b', '/a\\b'],
  ])('%j is %j', (given, path) => {
    expect(folderPath(given)).toBe(path);
  });

  it.each([
    ['/a/b', '/a'],
    ['/a', '/'],
    ['/', null],
    ['C:/a', 'C:/'],
    ['C:/', null],
    ['//server/share', null],
    ['//server/share/a', '//server/share'],
  ])('the parent of %j is %j', (path, parent) => {
    expect(parentOf(path)).toBe(parent);
  });

  it('walks up to the root and ends', () => {
    for (const start of ['/a/b/c', 'C:/a/b', '//server/share/a/b']) {
      let steps = 0;
      for (let path: string | null = start; path !== null; path = parentOf(path))
        expect(++steps).toBeLessThan(10);
    }
  });

  it('joins, names and compares', () => {
    expect(inFolder('/', 'a', '', 'b')).toBe('/a/b');
    expect(inFolder('C:/', 'a')).toBe('C:/a');
    expect(nameOf('/a/b')).toBe('b');
    expect([below('/a', '/a/b/c'), below('/a', '/a'), below('/a', '/ab'), below('/', '/a')]).toEqual([
      'b/c',
      '',
      null,
      'a',
    ]);
  });
});
