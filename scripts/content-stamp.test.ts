import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash, dropStamp, filesBelow, readStamp, writeStamp } from './content-stamp.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'content-stamp-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('filesBelow', () => {
  it('lists files of a folder at any depth, sorted, and a file by its own name', () => {
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    writeFileSync(join(root, 'a', 'z.ts'), '');
    writeFileSync(join(root, 'a', 'b', 'y.ts'), '');
    writeFileSync(join(root, 'a', 'x.test.ts'), '');
    writeFileSync(join(root, 'one.json'), '');
    expect(filesBelow(root, 'a', (file) => !file.includes('.test.'))).toEqual(['a/b/y.ts', 'a/z.ts']);
    expect(filesBelow(root, 'one.json')).toEqual(['one.json']);
  });

  it('yields nothing for a path that does not exist, and follows no link', () => {
    mkdirSync(join(root, 'a'));
    symlinkSync('/', join(root, 'a', 'everything'));
    expect(filesBelow(root, 'none')).toEqual([]);
    expect(filesBelow(root, 'a')).toEqual([]);
  });
});

describe('contentHash', () => {
  const write = (name: string, text: string): void => writeFileSync(join(root, name), text);

  it('depends on content and names, not on times', () => {
    write('a', 'same');
    write('b', 'same');
    const first = contentHash(root, ['a']);
    write('a', 'same');
    expect(contentHash(root, ['a'])).toBe(first);
    expect(contentHash(root, ['b'])).not.toBe(first);
    write('a', 'other');
    expect(contentHash(root, ['a'])).not.toBe(first);
  });

  it('tells inputs apart that run together into the same bytes', () => {
    write('a', 'xb');
    write('ab', 'x');
    write('b', '');
    expect(contentHash(root, ['a', 'b'])).not.toBe(contentHash(root, ['ab', 'b']));
    expect(contentHash(root, [], ['linux', 'x64'])).not.toBe(contentHash(root, [], ['linuxx64']));
    expect(contentHash(root, [], ['linux', 'x64'])).not.toBe(contentHash(root, [], ['linux', 'arm64']));
  });
});

describe('stamps', () => {
  it('are read as written, and are gone once dropped', () => {
    const file = join(root, 'out', '.stamp');
    expect(readStamp(file)).toBeUndefined();
    writeStamp(file, 'abc');
    expect(readStamp(file)).toBe('abc');
    expect(filesBelow(root, 'out')).toEqual(['out/.stamp']);
    dropStamp(file);
    expect(readStamp(file)).toBeUndefined();
    expect(() => dropStamp(file)).not.toThrow();
  });
});
