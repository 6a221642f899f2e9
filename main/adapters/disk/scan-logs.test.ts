import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { syncDisk, type DiskCalls } from './disk.ts';
import { createNodeFiles } from './node-files.ts';
import { onLinux, onPosix } from '../../testing/only.ts';

const files = createNodeFiles();
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'scan-logs-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text = 'x'): void {
  fs.mkdirSync(join(folder, path, '..'), { recursive: true });
  fs.writeFileSync(join(folder, path), text);
}

describe('scanLogs', () => {
  it('finds logs at any depth, sorted by path, with size and time', async () => {
    for (const path of [
      'b.md',
      'a/c.md',
      'a-b.md',
      'a.md',
      'projects/X/2026-01/SESSION-LOG-2026-01-06.MD',
      'a/b/c/d.md',
    ])
      put(path, path);
    put('notes.txt');
    const scan = unwrap(await files.scanLogs(folder));
    expect(scan.files.map((file) => file.path)).toEqual([
      'a-b.md',
      'a.md',
      'a/b/c/d.md',
      'a/c.md',
      'b.md',
      'projects/X/2026-01/SESSION-LOG-2026-01-06.MD',
    ]);
    expect(scan.files[0]).toEqual({
      path: 'a-b.md',
      size: 6,
      mtimeMs: fs.statSync(join(folder, 'a-b.md')).mtimeMs,
    });
    expect(scan.problems).toEqual([]);
  });

  it('takes an absent folder for an empty one, and a file for an error', async () => {
    expect(unwrap(await files.scanLogs(join(folder, 'gone')))).toEqual({ files: [], problems: [] });
    put('file');
    expect(await files.scanLogs(join(folder, 'file'))).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
  });

  it('passes over hidden names and unfinished writes without a word', async () => {
    for (const path of ['.git/x.md', '.hidden.md', '.a.md.0123456789ab.tmp', 'a.md']) put(path);
    const scan = unwrap(await files.scanLogs(folder));
    expect(scan.files.map((file) => file.path)).toEqual(['a.md']);
    expect(scan.problems).toEqual([]);
  });

  it('passes over what systems and network storage keep beside the files of people', async () => {
    for (const path of [
      '@eaDir/a.md/SYNO@.md',
      'x/#recycle/old.md',
      '__MACOSX/._a.md',
      'lost+found/1.md',
      'a.md',
    ])
      put(path);
    expect(unwrap(await files.scanLogs(folder))).toMatchObject({ files: [{ path: 'a.md' }], problems: [] });
  });

  it('reports a folder that is named like a log', async () => {
    put('x.md/inside.md');
    const scan = unwrap(await files.scanLogs(folder));
    expect(scan.files).toEqual([]);
    expect(scan.problems).toEqual([{ path: 'x.md', problem: expect.stringContaining('folder') }]);
  });

  onPosix.it('never follows a link, and reports those that leave or lead nowhere', async () => {
    const outside = fs.mkdtempSync(join(tmpdir(), 'outside-'));
    try {
      fs.writeFileSync(join(outside, 'secret.md'), 'x');
      fs.writeFileSync(join(outside, 'data.bin'), 'x');
      put('real/a.md');
      const link = (target: string, path: string): void => fs.symlinkSync(target, join(folder, path));
      link(outside, 'door');
      link(join(outside, 'secret.md'), 'leaves.md');
      link(join(outside, 'data.bin'), 'data.bin');
      link(join(folder, 'real'), 'alias');
      link(join(folder, 'real', 'a.md'), 'alias.md');
      link(folder, 'real/cycle');
      link('self.md', 'self.md');
      link('/nowhere/at/all.md', 'dangling.md');
      link('/nowhere/at/all', 'dangling');
      const scan = unwrap(await files.scanLogs(folder));
      expect(scan.files.map((file) => file.path)).toEqual(['real/a.md']);
      expect(Object.fromEntries(scan.problems.map(({ path, problem }) => [path, problem]))).toEqual({
        door: 'it is a symbolic link that leaves the folder',
        'leaves.md': 'it is a symbolic link that leaves the folder',
        'self.md': 'it is a symbolic link that leads back to itself',
        'dangling.md': 'it is a symbolic link that leads nowhere (ENOENT)',
      });
      // A data folder that is itself reached through a link (a home on another disk) is still one folder.
      fs.symlinkSync(folder, join(outside, 'home'));
      const again = unwrap(await files.scanLogs(join(outside, 'home')));
      expect(again).toEqual(scan);
    } finally {
      fs.rmSync(outside, { recursive: true, force: true });
    }
  });

  onLinux.it('reports pipes and names that are no UTF-8', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.md')]);
    fs.writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff]), Buffer.from('.md')]),
      'x',
    );
    const scan = unwrap(await files.scanLogs(folder));
    expect(scan.files).toEqual([]);
    expect(scan.problems.map(({ problem }) => problem)).toEqual([
      'its name is not valid UTF-8',
      'it is a device, pipe or socket, though named like a log',
    ]);
  });

  it('reports a folder that cannot be read and lists the rest', async () => {
    put('open/a.md');
    put('closed/b.md');
    // The refusal is made here because the super-user may read everything.
    const disk: DiskCalls = {
      ...syncDisk,
      names: (path) => {
        if (path.endsWith('closed')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
        return syncDisk.names(path);
      },
    };
    const scan = unwrap(await createNodeFiles({ syncDisk: disk }).scanLogs(folder));
    expect(scan.files.map((file) => file.path)).toEqual(['open/a.md']);
    expect(scan.problems).toEqual([
      { path: 'closed', problem: 'the folder cannot be read (EACCES)', unread: true },
    ]);
  });

  it('reports what it may list but not look at, log or folder', async () => {
    put('a.md');
    put('folder/b.md');
    const disk: DiskCalls = {
      ...syncDisk,
      lstat: () => {
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      },
    };
    const problem = 'it cannot be looked at (EACCES)';
    expect(unwrap(await createNodeFiles({ syncDisk: disk }).scanLogs(folder))).toEqual({
      files: [],
      problems: [
        { path: 'a.md', problem, unread: true },
        { path: 'folder', problem, unread: true },
      ],
    });
  });

  it('passes over a file and a folder that vanish while it looks', async () => {
    put('a.md');
    put('b.md');
    put('folder/c.md');
    const gone = (): never => {
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    };
    const disk: DiskCalls = {
      ...syncDisk,
      lstat: (path) => (path.endsWith('a.md') ? gone() : syncDisk.lstat(path)),
      names: (path) => (path.endsWith('folder') ? gone() : syncDisk.names(path)),
    };
    const scan = unwrap(await createNodeFiles({ syncDisk: disk }).scanLogs(folder));
    expect(scan).toMatchObject({ files: [{ path: 'b.md' }], problems: [] });
  });
});
