import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderFingerprint } from './folder-fingerprint.ts';
import { onLinux } from '../../testing/only.ts';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'session-log-fingerprint-')), '.logs');
  mkdirSync(join(folder, '2026-11'), { recursive: true });
  writeFileSync(join(folder, 'a.md'), 'a');
  writeFileSync(join(folder, '2026-11', 'b\n \tb.md'), 'b');
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const text = async (): Promise<string | undefined> => (await folderFingerprint(folder))?.toString();

onLinux.describe('the fingerprint of a folder', () => {
  it('stays while nothing changes, and says what there is', async () => {
    const before = await text();
    expect(before).toMatch(/\0d \d+ \d+\.\d+ 2026-11\0|^d \d+ \d+\.\d+ 2026-11\0/);
    expect(before).toContain('2026-11/b\n \tb.md\0');
    expect(await text()).toBe(before);
  });

  it.each<[string, () => void]>([
    ['a log that grew', () => appendFileSync(join(folder, 'a.md'), 'more')],
    ['a new log', () => writeFileSync(join(folder, '2026-11', 'c.md'), '')],
    ['a log that is gone', () => rmSync(join(folder, 'a.md'))],
    ['a log that is a folder now', () => (rmSync(join(folder, 'a.md')), mkdirSync(join(folder, 'a.md')))],
    [
      'a log of another name',
      () => renameSync(join(folder, '2026-11', 'b\n \tb.md'), join(folder, '2026-11', 'c.md')),
    ],
    [
      'another text of the same size a microsecond later',
      () => {
        const at = statSync(join(folder, 'a.md')).mtimeMs / 1000;
        writeFileSync(join(folder, 'a.md'), 'x');
        utimesSync(join(folder, 'a.md'), at, at + 0.000_001);
      },
    ],
  ])('tells of %s', async (_, change) => {
    const before = await text();
    change();
    expect(await text()).not.toBe(before);
  });

  it('passes over what is hidden, as a scan does', async () => {
    mkdirSync(join(folder, '2026-11', '.git'));
    const before = await text();
    writeFileSync(join(folder, '2026-11', '.git', 'a.md'), 'a');
    expect(before).not.toContain('.git');
    expect(await text()).toBe(before);
  });

  it('is that of the folder behind it where the folder itself is a link', async () => {
    const link = join(folder, '..', 'link');
    symlinkSync(folder, link);
    const before = await folderFingerprint(link);
    expect(before?.toString()).toBe(await text());
    appendFileSync(join(folder, 'a.md'), 'more');
    expect(await folderFingerprint(link)).not.toEqual(before);
  });

  it.each(['a-link', '2026-11/z.md'])('is not to be had with a link in the folder: %s', async (name) => {
    symlinkSync('/', join(folder, name));
    expect(await text()).toBeUndefined();
  });

  it('is not to be had where there is nothing but a link', async () => {
    const other = join(folder, 'only');
    mkdirSync(other);
    symlinkSync('/', join(other, 'a'));
    expect(await folderFingerprint(other)).toBeNull();
  });

  it('is not to be had of a folder that is not there, without find, or elsewhere', async () => {
    expect(await folderFingerprint(join(folder, 'none'))).toBeNull();
    expect(await folderFingerprint(folder, { program: 'session-log-no-find' })).toBeNull();
    expect(await folderFingerprint(folder, { program: 'false' })).toBeNull();
    expect(await folderFingerprint(folder, { platform: 'darwin' })).toBeNull();
  });
});
