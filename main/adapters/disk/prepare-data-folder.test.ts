import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { syncDisk } from './disk.ts';
import { prepareDataFolder, type DataFolderLayout } from './prepare-data-folder.ts';
import { onPosix } from '../../testing/only.ts';

let base: string;
let layout: DataFolderLayout;
let mark: string;

beforeEach(() => {
  base = fs.mkdtempSync(join(tmpdir(), 'data-folder-'));
  const home = join(base, 'home');
  mark = join(home, 'machine-id.json');
  layout = {
    home,
    folders: [join(home, 'session-logs'), join(home, 'state')],
    files: [join(home, 'machine-id.json'), join(home, 'settings.json')],
    others: [join(home, 'context-storage')],
  };
});
afterEach(() => {
  fs.rmSync(base, { recursive: true, force: true });
});

const mode = (path: string): string => (fs.statSync(path).mode & 0o777).toString(8);
const fileMode = (path: string, bits: number): void => {
  fs.writeFileSync(path, '{}');
  fs.chmodSync(path, bits);
};

onPosix.describe('prepareDataFolder', () => {
  it('makes everything private, and has nothing to do the second time', () => {
    expect(unwrap(prepareDataFolder(layout))).toEqual({ repaired: [], problems: [], readOnly: null });
    for (const folder of [layout.home, ...layout.folders]) expect(mode(folder)).toBe('700');
    expect(unwrap(prepareDataFolder(layout))).toEqual({ repaired: [], problems: [], readOnly: null });
  });

  it.each(['session-logs', '.'])('names a link to a folder that is not there, and leaves it: %s', (name) => {
    const place = join(layout.home, name);
    if (name !== '.') fs.mkdirSync(layout.home);
    fs.symlinkSync(join(base, 'unmounted', 'logs'), place);
    const prepared = prepareDataFolder(layout);
    expect(prepared).toMatchObject({
      ok: false,
      error: {
        code: 'io',
        message: expect.stringContaining('is a link to a folder that is not there'),
        remedy: expect.stringContaining('Mount the disk'),
      },
    });
    expect(fs.readlinkSync(place)).toBe(join(base, 'unmounted', 'logs'));
  });

  it('takes rights from group and others, and only those', () => {
    unwrap(prepareDataFolder(layout));
    fileMode(mark, 0o644);
    fileMode(join(layout.home, 'settings.json'), 0o464);
    fs.chmodSync(layout.home, 0o755);
    fs.chmodSync(join(layout.home, 'state'), 0o750);
    const report = unwrap(prepareDataFolder(layout));
    expect([...report.repaired].sort()).toEqual(
      [layout.home, mark, join(layout.home, 'settings.json'), join(layout.home, 'state')].sort(),
    );
    expect(mode(layout.home)).toBe('700');
    expect(mode(mark)).toBe('600');
    expect(mode(join(layout.home, 'settings.json'))).toBe('400');
  });

  it('never touches context-storage', () => {
    unwrap(prepareDataFolder(layout));
    const other = join(layout.home, 'context-storage');
    fs.mkdirSync(other);
    fs.chmodSync(other, 0o777);
    fileMode(join(other, 'org.db'), 0o666);
    unwrap(prepareDataFolder(layout));
    expect(mode(other)).toBe('777');
    expect(mode(join(other, 'org.db'))).toBe('666');
  });

  it('leaves the rights of a folder that is not ours, and says so', () => {
    fs.mkdirSync(layout.home);
    fs.chmodSync(layout.home, 0o755);
    fs.writeFileSync(join(layout.home, 'somebody-elses.txt'), 'x');
    const report = unwrap(prepareDataFolder(layout));
    expect(mode(layout.home)).toBe('755');
    expect(report.problems).toEqual([
      { path: layout.home, problem: expect.stringContaining('other things'), remedy: expect.any(String) },
    ]);
  });

  it('leaves them at the second command as well, after we have put our own things there', () => {
    fs.mkdirSync(layout.home);
    fs.chmodSync(layout.home, 0o777);
    fs.writeFileSync(join(layout.home, 'somebody-elses.txt'), 'x');
    unwrap(prepareDataFolder(layout));
    fileMode(mark, 0o600);
    unwrap(prepareDataFolder(layout));
    expect(mode(layout.home)).toBe('777');
  });

  it('leaves a folder like /tmp, be it empty, and one with files of ours that belong to others', () => {
    fs.mkdirSync(layout.home);
    fs.chmodSync(layout.home, 0o1777);
    unwrap(prepareDataFolder(layout));
    unwrap(prepareDataFolder(layout));
    expect(mode(layout.home)).toBe('777');
    fs.chmodSync(layout.home, 0o755);
    fileMode(mark, 0o600);
    const uid = fs.statSync(mark).uid;
    const lstat = (path: string) => {
      const facts = fs.lstatSync(path);
      if (path === mark) facts.uid = uid + 1;
      return facts;
    };
    unwrap(prepareDataFolder(layout, { disk: { ...syncDisk, lstat }, uid }));
    expect(mode(layout.home)).toBe('755');
  });

  it('finds the state files that a run under sudo left, with the command that repairs it', () => {
    unwrap(prepareDataFolder(layout));
    const file = join(layout.home, 'state', 'schedule.json');
    fileMode(file, 0o600);
    const disk = {
      ...syncDisk,
      lstat: (path: string) => {
        const facts = fs.lstatSync(path);
        facts.uid = path === file ? 0 : 1000;
        return facts;
      },
      stat: (path: string) => Object.assign(fs.statSync(path), { uid: 1000 }),
    };
    const report = unwrap(prepareDataFolder(layout, { disk, uid: 1000 }));
    expect(report.problems).toEqual([
      {
        path: file,
        problem: expect.stringContaining('belongs to root, not to you'),
        remedy: expect.stringContaining(`sudo chown -R "$(id -u)" ${layout.home}`),
      },
    ]);
  });

  it('leaves a linked folder as it is, and follows a linked home', () => {
    const elsewhere = join(base, 'elsewhere');
    fs.mkdirSync(elsewhere);
    fs.chmodSync(elsewhere, 0o755);
    unwrap(prepareDataFolder(layout));
    fs.rmdirSync(join(layout.home, 'session-logs'));
    fs.symlinkSync(elsewhere, join(layout.home, 'session-logs'));
    expect(unwrap(prepareDataFolder(layout))).toEqual({ repaired: [], problems: [], readOnly: null });
    expect(mode(elsewhere)).toBe('755');
  });

  it('names a folder that cannot be written, with what to do', () => {
    const state = layout.folders[1] ?? '';
    const report = unwrap(prepareDataFolder(layout, { canWrite: (folder) => folder !== state }));
    expect(report.readOnly).toBe(state);
    expect(report.problems).toMatchObject([
      {
        path: state,
        problem: expect.stringContaining('cannot be written'),
        remedy: expect.stringContaining(state),
      },
    ]);
  });

  it("reports another owner's files with the command that repairs it", () => {
    unwrap(prepareDataFolder(layout));
    fileMode(mark, 0o600);
    const mine = fs.statSync(mark).uid;
    const disk = {
      ...syncDisk,
      lstat: (path: string) => {
        const facts = fs.lstatSync(path);
        // Only the super-user can really give a file away, so the owner is the one thing made up here.
        if (path === mark) facts.uid = mine === 0 ? 1000 : 0;
        return facts;
      },
    };
    const report = unwrap(prepareDataFolder(layout, { disk, uid: mine }));
    expect(report.problems).toHaveLength(1);
    expect(report.problems[0]).toMatchObject({ path: mark });
    expect(report.problems[0]!.remedy).toMatch(mine === 0 ? /without sudo/ : /chown/);
  });

  it('says when the folder cannot be made', () => {
    fs.writeFileSync(layout.home, 'a file');
    expect(prepareDataFolder(layout)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });
});
