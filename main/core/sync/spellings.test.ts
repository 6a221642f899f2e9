import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { nodeFolderCalls, type FolderCalls } from '../../adapters/folder-store/folder-calls.ts';
import { createFolderObjectStore } from '../../adapters/folder-store/folder-object-store.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { allDone } from '../../testing/all-done.ts';
import { foldingCalls } from '../../testing/folding-calls.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import {
  createTestWorld,
  FOR_MIKE,
  testUuid,
  type TestMachine,
  type TestWorld,
} from '../../testing/sync-world.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { verify } from '../workflows/verify.ts';
import { pullIndex } from './pull-index.ts';
import { pullLogs } from './pull-logs.ts';
import { push } from './push.ts';

const A = testUuid('a');
let root: string;
let world: TestWorld;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'session-log-spellings-'));
  world = createTestWorld();
});
afterEach(async () => {
  await world.end();
  rmSync(root, { recursive: true, force: true });
});

function folder(calls: FolderCalls): ObjectStore {
  return createFolderObjectStore({
    root,
    create: true,
    sameDisk: false,
    clock: createNodeClock(),
    random: createSeededRandom(7),
    calls,
  });
}

const STORES: readonly (readonly [string, () => ObjectStore | undefined])[] = [
  ['a bucket', () => undefined],
  ['a folder', () => folder(nodeFolderCalls)],
  ['a folder whose file system folds names', () => folder(foldingCalls(root))],
];

const SPELLINGS = [
  ['case', '2026-01-05-mara-Calculus.md', '2026-01-05-mara-calculus.md'],
  ['Unicode form', '2026-01-05-mara-caf\u00e9.md', '2026-01-05-mara-cafe\u0301.md'],
] as const;

describe.each(STORES)('with %s', (_, makeStore) => {
  const machine = (letter: string): TestMachine => {
    const store = makeStore();
    return world.machine(letter, store ? { store } : {});
  };
  const rename = ({ paths }: TestMachine, from: string, to: string): void =>
    renameSync(join(paths.sessionLogs, from), join(paths.sessionLogs, to));

  describe.each(SPELLINGS)('a log renamed in %s alone', (_what, old, now) => {
    it('goes on under its new name, for this machine and for others', async () => {
      const [a, b] = [machine('a'), machine('b')];
      await a.write(old, 'one\n');
      await a.write('other.md', 'other\n');
      allDone(await push(a.deps));
      rename(a, old, now);
      await a.write(now, 'one\ntwo\n');
      expect(allDone(await push(a.deps)).uploaded).toMatchObject([{ path: now, reason: 'renamed' }]);
      expect(unwrap(await a.deps.index.entries(A)).map(({ path }) => path)).toEqual([now, 'other.md']);
      expect(allDone(await push(a.deps)).uploaded).toEqual([]);
      allDone(await pullIndex(b.deps));
      expect(unwrap(await b.deps.index.entries(A)).map(({ path }) => path)).toEqual([now, 'other.md']);
      expect(allDone(await pullLogs(b.deps, {})).pulled).toHaveLength(2);
      expect(allDone(await verify(a.base, { deep: true })).problems).toEqual([]);
    });

    it('is kept in its old version, grows, and changes back', async () => {
      const a = machine('a');
      await a.write(old, 'one\n');
      allDone(await push(a.deps));
      rename(a, old, now);
      await a.write(now, 'another\n');
      const [sent] = allDone(await push(a.deps)).uploaded;
      const kept = unwrap(await a.deps.store.get(sent?.kept ?? ''));
      expect(new TextDecoder().decode(kept?.bytes)).toBe('one\n');
      await a.write(now, 'another\nmore\n');
      expect(allDone(await push(a.deps)).uploaded).toMatchObject([{ path: now, reason: 'grown' }]);
      rename(a, now, old);
      allDone(await push(a.deps));
      expect(unwrap(await a.deps.index.entries(A)).map(({ path }) => path)).toEqual([old]);
      const stored = unwrap(await a.deps.store.get(a.deps.layout.log(A, old as LogPath)));
      expect(new TextDecoder().decode(stored?.bytes)).toBe('another\nmore\n');
      expect(allDone(await verify(a.base, { deep: true })).problems).toEqual([]);
    });

    it('is one log still after a lost ledger', async () => {
      const a = machine('a');
      await a.write(old, 'one\n');
      allDone(await push(a.deps));
      rename(a, old, now);
      allDone(await push(a.deps));
      rmSync(a.paths.state, { recursive: true, force: true });
      const full = allDone(await fullSync(a.base, FOR_MIKE));
      expect(full.push.uploaded).toEqual([]);
      expect(readdirSync(a.paths.sessionLogs)).toEqual([now]);
    });

    it('is known again when it was renamed while there was no ledger', async () => {
      const a = machine('a');
      await a.write(old, 'one\n');
      allDone(await push(a.deps));
      rename(a, old, now);
      rmSync(a.paths.state, { recursive: true, force: true });
      expect(allDone(await push(a.deps)).uploaded).toMatchObject([{ path: now, reason: 'renamed' }]);
      expect(unwrap(await a.deps.index.entries(A)).map(({ path }) => path)).toEqual([now]);
    });
  });

  it('a folder renamed in case alone goes on with all its logs, and takes new ones', async () => {
    const [a, b] = [machine('a'), machine('b')];
    for (const name of ['one', 'deep/two', 'gone']) await a.write(`Projects/${name}.md`, `${name}\n`);
    allDone(await push(a.deps));
    rmSync(join(a.paths.sessionLogs, 'Projects/gone.md'));
    rename(a, 'Projects', 'projects');
    await a.write('projects/new.md', 'new\n');
    expect(allDone(await push(a.deps)).uploaded.map(({ path, reason }) => [path, reason])).toEqual([
      ['projects/deep/two.md', 'renamed'],
      ['projects/new.md', 'new'],
      ['projects/one.md', 'renamed'],
    ]);
    const listed = ['Projects/gone.md', 'projects/deep/two.md', 'projects/new.md', 'projects/one.md'];
    expect(unwrap(await a.deps.index.entries(A)).map(({ path }) => path)).toEqual(listed);
    allDone(await pullIndex(b.deps));
    expect(allDone(await pullLogs(b.deps, {})).pulled).toHaveLength(4);
    expect(allDone(await verify(a.base, { deep: true })).problems).toEqual([]);
    expect(readdirSync(join(a.paths.sessionLogs))).toEqual(['projects']);
  });

  it('two logs whose names differ in case alone stay two on this machine, and the second is named', async () => {
    const a = machine('a');
    await a.write('Notes.md', 'one\n');
    allDone(await push(a.deps));
    await a.write('notes.md', 'two\n');
    const report = unwrap(await push(a.deps)).report;
    expect(report.refused).toMatchObject([{ path: 'notes.md', problem: expect.stringContaining('differs') }]);
    expect(unwrap(await a.deps.store.get(a.deps.layout.log(A, 'Notes.md' as LogPath)))).not.toBeNull();
  });

  it('many logs renamed so at once are no lost folder', async () => {
    const a = machine('a');
    for (let at = 0; at < 8; at++) await a.write(`LOG-${at}.md`, `${at}\n`);
    allDone(await push(a.deps));
    for (let at = 0; at < 8; at++) rename(a, `LOG-${at}.md`, `log-${at}.md`);
    expect(allDone(await push(a.deps)).uploaded).toHaveLength(8);
  });
});

describe('the file of the former name', () => {
  it('goes from a folder, and takes the new spelling where names are folded', async () => {
    for (const calls of [nodeFolderCalls, foldingCalls(root)]) {
      rmSync(root, { recursive: true, force: true });
      const a = world.machine('a', { store: folder(calls) });
      await a.write('Log.md', 'one\n');
      allDone(await push(a.deps));
      renameSync(join(a.paths.sessionLogs, 'Log.md'), join(a.paths.sessionLogs, 'log.md'));
      allDone(await push(a.deps));
      const names = readdirSync(join(root, 'tenant-team/machines', A));
      expect(names.filter((name) => /^log\.md$/i.test(name))).toEqual(['log.md']);
    }
  });
});
