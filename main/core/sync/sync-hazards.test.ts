import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { problemOf } from '../workflows/outcome.ts';
import { appError } from '../../../shared/app-error.ts';
import { err, ok, unwrap } from '../../../shared/result.ts';
import {
  createTestWorld,
  FOR_MIKE,
  testUuid,
  type TestMachine,
  type TestWorld,
} from '../../testing/sync-world.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import { push } from './push.ts';
import { pullIndex } from './pull-index.ts';
import { pullLogs } from './pull-logs.ts';
import type { SyncDeps } from './sync-deps.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { verify } from '../workflows/verify.ts';

const DAY = 'SESSION-LOG-2026-01-06.md';
const NAME = `tenant-team/machines/${testUuid('a')}/${DAY}`;

let world: TestWorld;
let a: TestMachine;

beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  await a.write(DAY, 'one\n');
});
afterEach(() => world.end());

describe('two syncs of one data folder at once', () => {
  it('take turns, and the second finds everything done', async () => {
    const results = await Promise.all([push(a.deps), push(a.deps), push(a.deps)]);
    expect(results.every((result) => result.ok)).toBe(true);
    expect(a.calls.filter((call) => call.operation === 'put' && call.name === NAME)).toHaveLength(1);
  });

  it('end as deferred, by name, when the first does not finish in time', async () => {
    let release = (): void => undefined;
    const slow = {
      ...a.deps,
      store: {
        ...a.deps.store,
        get: () =>
          new Promise<never>(
            (_settle, fail) => (release = () => fail(new Error('the test ends the first push'))),
          ),
      },
    };
    const first = push(slow).catch(() => null);
    await expect
      .poll(() => a.deps.locks.status(a.paths.syncLock).then((status) => status.ok && status.value?.command))
      .toBe('push');
    const second = await push(a.deps, { waitMs: 20 });
    expect(second.ok ? null : second.error).toMatchObject({ code: 'lock-held', transient: true });
    release();
    await first;
    expect(problemOf(await push(a.deps))).toBeNull();
  });
});

describe('a disk that fails', () => {
  it('stops the push when the ledger cannot be written, and loses nothing of what was stored', async () => {
    const full = appError('disk-full', 'The disk is full.', 'Make room.');
    const files = { ...a.deps.files, append: async () => err(full), replace: async () => err(full) };
    const failed = await push({ ...a.deps, files });
    expect(failed.ok ? null : failed.error.code).toBe('disk-full');
    const repaired = await push(a.deps);
    expect(problemOf(repaired)).toBeNull();
    expect(world.objects().get(NAME)).toBe('one\n');
    expect([...world.objects().keys()].filter((name) => name.includes('.gen-'))).toEqual([]);
  });

  it('drops a torn end of the ledger and looks at the store instead', async () => {
    await push(a.deps);
    const path = ledgerPath(a.deps);
    const whole = await a.deps.files.read(path);
    if (!whole.ok || whole.value === null) throw new Error('no ledger');
    for (let cut = 0; cut <= whole.value.length; cut += 7) {
      await writeFile(path, whole.value.subarray(0, cut));
      expect((await openLedger(a.deps.files, path)).ok, `cut at ${cut}`).toBe(true);
      expect(problemOf(await push(a.deps)), `cut at ${cut}`).toBeNull();
    }
    expect(world.objects().get(NAME)).toBe('one\n');
    expect([...world.objects().keys()].filter((name) => name.includes('.gen-'))).toEqual([]);
  });

  it('says that the cache cannot be written, and pulls once it can', async () => {
    await push(a.deps);
    const b = world.machine('b');
    await pullIndex(b.deps);
    await rm(b.paths.cache, { recursive: true, force: true });
    await mkdir(dirname(b.paths.cache), { recursive: true });
    await writeFile(b.paths.cache, 'a file where the cache should be');
    const refused = await pullLogs(b.deps, {});
    expect(problemOf(refused)).not.toBeNull();
    await rm(b.paths.cache);
    await mkdir(b.paths.cache);
    const pulled = await pullLogs(b.deps, {});
    expect(allDone(pulled).pulled).toHaveLength(1);
  });
});

describe('large logs', () => {
  it('go up, grow and come down without being held in memory whole', async () => {
    const block = new Uint8Array(1024 * 1024).fill(0x61);
    const big = new Uint8Array(24 * block.length);
    for (let at = 0; at < 24; at++) big.set(block, at * block.length);
    await a.write('big.md', big);
    expect(problemOf(await push(a.deps))).toBeNull();
    const grown = new Uint8Array(big.length + 5);
    grown.set(big);
    grown.set(new TextEncoder().encode('\nend\n'), big.length);
    await a.write('big.md', grown);
    const report = await push(a.deps);
    expect(allDone(report).uploaded).toMatchObject([{ path: 'big.md', reason: 'grown' }]);
    const b = world.machine('b');
    await pullIndex(b.deps);
    const pulled = await pullLogs(b.deps, { machines: [testUuid('a')] });
    expect(allDone(pulled).bytes).toBe(grown.length + 4);
  });
});

describe('a tenant that nobody uses', () => {
  it('is an empty index, not a failure', async () => {
    const pulled = await pullIndex(a.deps);
    expect(allDone(pulled)).toMatchObject({ machines: 0, updated: [] });
  });
});

describe('a log that may not be read', () => {
  /** As another user's file, or one with its rights taken. */
  function withUnreadable(path: string): SyncDeps {
    const { files } = a.deps;
    const refused = appError(
      'denied',
      `${path} cannot be read (EACCES).`,
      'Give yourself permission to read it.',
    );
    return {
      ...a.deps,
      files: {
        ...files,
        measure: async (file, options) => (file.endsWith(path) ? err(refused) : files.measure(file, options)),
      },
    };
  }

  it('is named, and keeps no other log from the store nor the index from the others', async () => {
    for (let n = 0; n < 40; n++) await a.write(`2026-01-05-hal-topic-${n}.md`, `# Topic ${n}\n`);
    const deps = withUnreadable('2026-01-05-hal-topic-0.md');
    for (let round = 0; round < 2; round++) {
      const pushed = await push(deps);
      expect(problemOf(pushed)?.code).toBe('partial');
      expect(problemOf(pushed)?.message).toContain('2026-01-05-hal-topic-0.md was not pushed');
      expect(reportOf(pushed).failed).toMatchObject([
        { path: '2026-01-05-hal-topic-0.md', error: { code: 'denied' } },
      ]);
    }
    const b = world.machine('b');
    allDone(await pullIndex(b.deps));
    const listed = unwrap(await b.deps.index.page({ files: true, limit: 100 }));
    expect(listed.rows.filter(({ path }) => path.includes('topic'))).toHaveLength(39);
  });

  it.each([1, 6])(
    'is neither deleted nor lost when its folder cannot be read, with %s of its kind: all else goes on',
    async (count) => {
      await a.write('2026-01-05-hal-other.md', '# Other\n');
      for (let n = 0; n < count; n++) await a.write(`sub/2026-01-05-hal-${n}.md`, `# ${n}\n`);
      allDone(await push(a.deps));
      await a.write('2026-01-06-hal-new.md', '# New\n');
      const { files } = a.deps;
      const isShut = (path: string): boolean => path.includes('/sub/');
      const shut = appError('denied', 'Could not look at it (EACCES).', 'Give yourself permission.');
      const deps: SyncDeps = {
        ...a.deps,
        files: {
          ...files,
          scanLogs: async (folder) => {
            const scan = unwrap(await files.scanLogs(folder));
            const problems = [{ path: 'sub', problem: 'the folder cannot be read', unread: true as const }];
            return ok({ files: scan.files.filter(({ path }) => !path.startsWith('sub/')), problems });
          },
          stat: async (path) => (isShut(path) ? err(shut) : files.stat(path)),
          measure: async (path, options) => (isShut(path) ? err(shut) : files.measure(path, options)),
        },
      };
      const pushed = await push(deps);
      expect(reportOf(pushed)).toMatchObject({
        uploaded: [{ path: '2026-01-06-hal-new.md' }],
        gone: [],
        lost: [],
        refused: [{ path: 'sub' }],
      });
      expect(problemOf(pushed)?.remedy).toContain('right to read');
      const full = await fullSync({ ...a.base, sync: deps }, FOR_MIKE);
      expect(reportOf(full)).toMatchObject({
        restore: {
          restored: [],
          failed: Array.from({ length: count }, () => ({ error: { code: 'denied' } })),
        },
        push: { gone: [], lost: [] },
      });
      expect(allDone(await push(a.deps))).toMatchObject({ gone: [], lost: [], unchanged: count + 3 });
    },
  );

  it('is named by verify when it was pushed before', async () => {
    await a.write('2026-01-05-hal-own.md', '# Own\n');
    allDone(await push(a.deps));
    const checked = await verify({ sync: withUnreadable('2026-01-05-hal-own.md') });
    expect(problemOf(checked)?.code).toBe('partial');
    expect(problemOf(checked)?.message).toContain('cannot be read');
  });
});
