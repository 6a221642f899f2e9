import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { findNearby, type Nearby } from './find-nearby.ts';

let home: string;
let now: number;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'session-log-nearby-'));
  now = 0;
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function tree(path: string, logs: readonly string[]): string {
  const root = join(home, path);
  mkdirSync(join(root, '.git'), { recursive: true });
  for (const log of logs) {
    mkdirSync(join(root, log, '..'), { recursive: true });
    writeFileSync(join(root, log), '# x\n');
  }
  return root;
}

const find = (also: readonly string[] = [], signal?: AbortSignal): Promise<Nearby> =>
  findNearby(
    { files: createNodeFiles(), clock: { now: () => now } },
    { home, also, ...(signal ? { signal } : {}) },
  );

describe('logs that are there already', () => {
  it('are found in work trees below the usual folders, with what lists them', async () => {
    tree('code/harbor', ['session-logs/2026-06/a.md', 'session-logs/b.md', 'projects/p/session-logs/c.md']);
    tree('src/group/deep/dunes', ['docs/session-logs/a.md']);
    tree('code/plain', ['README.md']);
    expect(await find()).toEqual({
      trees: [
        {
          root: join(home, 'code/harbor'),
          name: 'harbor',
          logs: 3,
          folders: ['session-logs', 'projects/p/session-logs'],
          isListable: true,
          unlisted: [],
          identity: 'none',
        },
        {
          root: join(home, 'src/group/deep/dunes'),
          name: 'dunes',
          logs: 1,
          folders: ['docs/session-logs'],
          isListable: false,
          unlisted: ['docs/session-logs'],
          identity: 'none',
        },
      ],
      isComplete: true,
    });
  });

  it('are found in the folder of the command, once, wherever it is', async () => {
    const root = tree('elsewhere/x', ['session-logs/a.md', '.claude/users.json']);
    expect((await find([root, root])).trees).toMatchObject([{ root, identity: 'wanted' }]);
    writeFileSync(join(root, '.claude/identity.json'), '{}');
    expect((await find([root])).trees).toMatchObject([{ identity: 'there' }]);
  });

  it('are found beside a folder that is known, and both kinds in one tree are told apart', async () => {
    const known = tree('elsewhere/known', []);
    const root = tree('elsewhere/beside', ['session-logs/a.md', '.claude/session-logs/b.md']);
    tree('elsewhere/group/deeper', ['session-logs/a.md']);
    expect((await find([known])).trees).toMatchObject([
      { root, logs: 2, isListable: true, unlisted: ['.claude/session-logs'] },
    ]);
  });

  it('are not looked for behind links, in packages, or too deep', async () => {
    const root = tree('outside', ['session-logs/a.md']);
    mkdirSync(join(home, 'code'));
    symlinkSync(root, join(home, 'code/link'));
    tree('code/node_modules/x', ['session-logs/a.md']);
    tree('code/1/2/3/4/x', ['session-logs/a.md']);
    expect((await find()).trees).toEqual([]);
  });

  it('end with the time or the wish of the person, and say that there may be more', async () => {
    tree('code/harbor', ['session-logs/a.md']);
    expect(await find([], AbortSignal.abort())).toEqual({ trees: [], isComplete: false });
    const late = await findNearby(
      { files: createNodeFiles(), clock: { now: () => (now += 3_000) } },
      { home, also: [] },
    );
    expect(late).toEqual({ trees: [], isComplete: false });
  });

  it('are counted within a bound, in a folder with very many entries', async () => {
    for (let n = 0; n < 700; n++) mkdirSync(join(home, 'code', `dir${n}`), { recursive: true });
    const root = tree('work/harbor', []);
    mkdirSync(join(root, 'session-logs'));
    for (let n = 0; n < 300; n++) writeFileSync(join(root, 'session-logs', `${n}.md`), '');
    expect((await find()).trees).toMatchObject([{ logs: 300 }]);
  });
});
