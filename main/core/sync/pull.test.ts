import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { problemOf, type Outcome } from '../workflows/outcome.ts';
import { gunzipSync, gzipSync } from 'node:zlib';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { exportIndex } from '../logs/cache-index.ts';
import { readLog } from '../logs/read-log.ts';
import { refreshLocal } from '../workflows/refresh-local.ts';
import { pullIndex } from './pull-index.ts';
import { pullLogs } from './pull-logs.ts';
import { push } from './push.ts';
import { verify } from '../workflows/verify.ts';

const DAY = 'SESSION-LOG-2026-01-06.md' as LogPath;
const A = testUuid('a');
const HEAD = `tenant-team/index/machines/${A}.json.gz`;

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;

beforeEach(async () => {
  world = createTestWorld();
  [a, b] = [world.machine('a'), world.machine('b')];
  await a.write(DAY, '# A day\n\n## User\n\n- **User:** Mike Swanson (mike)\n');
  await a.write('projects/APOLLO/2026-01-05-mike-rocket.md', '# Rocket\n');
  await whole(push(a.deps));
});
afterEach(() => world.end());

async function must<T>(
  pending: Promise<{ ok: true; value: T } | { ok: false; error: { code: string; message: string } }>,
): Promise<T> {
  const result = await pending;
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

async function whole<R>(pending: Promise<Result<Outcome<R>, AppError>>): Promise<R> {
  return allDone(await pending);
}

/** Puts a forged object in place of a machine's head, as somebody with rights on the bucket could. */
function forgeHead(change: (head: Record<string, unknown>) => unknown): void {
  const head = JSON.parse(
    gunzipSync(world.bucket.objects.get(HEAD)?.bytes ?? new Uint8Array()).toString(),
  ) as Record<string, unknown>;
  plant(HEAD, gzipSync(JSON.stringify(change(head))));
}

function plant(name: string, bytes: Uint8Array, metadata = {}): void {
  world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata });
}

describe('pull of the index', () => {
  it('tells the index how many machines are new to it, so that it can get ready', async () => {
    const told: number[] = [];
    const expectMachines = async (count: number): Promise<void> => void told.push(count);
    const deps = { ...b.deps, index: { ...b.deps.index, expectMachines } };
    await whole(pullIndex(deps));
    await a.write('2026-01-07-mike-more.md', '# More\n');
    await whole(push(a.deps));
    await whole(pullIndex(deps));
    expect(told).toEqual([1, 0]);
  });

  it('lists another machine\u2019s logs with what they say of themselves', async () => {
    const report = await whole(pullIndex(b.deps));
    expect(report).toMatchObject({ machines: 1, updated: [A], failed: [], refused: 0 });
    const page = await must(b.deps.index.page({}));
    expect(page.rows.map((row) => [row.path, row.host, row.place, row.title, row.author])).toEqual([
      [DAY, 'host-a', 'store', 'A day', 'Mike Swanson'],
      ['projects/APOLLO/2026-01-05-mike-rocket.md', 'host-a', 'store', 'Rocket', null],
    ]);
    // The file for other programs is written when nothing else is to be done.
    expect(await must(b.deps.files.stat(b.paths.cacheIndex))).toBeNull();
  });

  it('makes one listing and fetches nothing when nothing changed', async () => {
    await whole(pullIndex(b.deps));
    b.calls.length = 0;
    expect((await whole(pullIndex(b.deps))).updated).toEqual([]);
    expect(b.calls.map((call) => call.operation)).toEqual(['list']);
  });

  it('is exported again where the file is old, cut or unreadable, and only then', async () => {
    await whole(pullIndex(b.deps));
    expect(await must(exportIndex(b.deps))).toBe(true);
    const old = await readFile(b.paths.cacheIndex);
    await a.write('2026-01-07-mike-more.md', '# More\n');
    await whole(push(a.deps));
    await whole(pullIndex(b.deps));
    const exported = async (wrote: boolean): Promise<unknown> => {
      expect(await must(exportIndex(b.deps))).toBe(wrote);
      const { entries } = JSON.parse(await readFile(b.paths.cacheIndex, 'utf8')) as { entries: unknown[] };
      return entries.length;
    };
    for (const left of [old, old.subarray(0, 40), Buffer.from('{}\n'), Buffer.alloc(0)]) {
      await writeFile(b.paths.cacheIndex, left);
      expect(await exported(true)).toBe(3);
    }
    // Its own rows are in the index, too, and change without an export.
    await b.write(DAY, '# B day\n');
    await must(refreshLocal(b.deps));
    expect(await exported(false)).toBe(3);
  });

  it('keeps at most two shards unpacked, however many come', async () => {
    for (const name of ['c', 'd', 'e', 'f', '1', '2']) {
      const machine = world.machine(name);
      await machine.write(DAY, `from ${name}\n`);
      await whole(push(machine.deps));
    }
    let [held, most] = [0, 0];
    const { index } = b.deps;
    const slow: typeof index.putShard = async (...shard) => {
      most = Math.max(most, ++held);
      // Long enough for others to come, were they let in.
      for (let turn = 0; turn < 50; turn++) await b.deps.files.stat(b.paths.cacheIndex);
      held--;
      return await index.putShard(...shard);
    };
    const pulled = await whole(pullIndex({ ...b.deps, index: { ...index, putShard: slow } }));
    expect(pulled.updated).toHaveLength(7);
    expect(most).toBe(2);
  });

  it('leaves a damaged shard out, keeps what was known, and goes on with the others', async () => {
    await whole(pullIndex(b.deps));
    const c = world.machine('c');
    await c.write(DAY, 'from c\n');
    await whole(push(c.deps));
    for (const damage of [
      new TextEncoder().encode('no gzip'),
      gzipSync('no json'),
      gzipSync('{"schema":1}'),
      gzipSync('null'),
      new Uint8Array(),
    ]) {
      plant(HEAD, damage);
      const result = await pullIndex(b.deps);
      expect(problemOf(result)?.code).toBe('partial');
      expect(reportOf(result).failed).toMatchObject([{ machine: A }]);
      const machines = await must(b.deps.index.machines());
      expect(machines.find((row) => row.machine === A)?.logs).toBe(2);
      expect(machines.some((row) => row.machine === testUuid('c'))).toBe(true);
    }
  });

  it('names a machine whose head cannot be looked at any more, and not one whose head is gone', async () => {
    await whole(pullIndex(b.deps));
    const { store } = b.deps;
    const list: typeof store.list = async () => ok({ objects: [] });
    const damaged = appError('corrupt', 'A record of the store cannot be read.', 'Move it away.');
    const headless = { ...store, list, head: async () => err(damaged) };
    const result = await pullIndex({ ...b.deps, store: headless });
    expect(problemOf(result)?.message).toContain('1 of 1 machines could not be read. A record of the store');
    expect(reportOf(result).failed).toMatchObject([{ machine: A, error: damaged }]);
    const gone = await whole(pullIndex({ ...b.deps, store: { ...store, list, head: async () => ok(null) } }));
    expect(gone.failed).toEqual([]);
    expect((await must(b.deps.index.machines())).find((row) => row.machine === A)?.logs).toBe(2);
  });

  it('refuses a shard that speaks for another machine', async () => {
    forgeHead((head) => ({ ...head, machine: testUuid('d') }));
    const result = await pullIndex(b.deps);
    expect(problemOf(result)?.code).toBe('partial');
    expect((await must(b.deps.index.page({}))).total).toBe(0);
  });

  it('leaves hostile entries out one by one', async () => {
    const hostile = [
      '../x.md',
      '/etc/x.md',
      'a/../../x.md',
      'C:/x.md',
      'nul.md',
      'a\u0000b.md',
      'x.txt',
      `${'a/'.repeat(500)}x.md`,
      '.hidden.md',
      'evil\u202edm.md',
      DAY.toLowerCase(),
    ];
    forgeHead((head) => {
      const [first] = head['entries'] as Record<string, unknown>[];
      return {
        ...head,
        entries: [
          ...(head['entries'] as unknown[]),
          ...hostile.map((path) => ({ ...first, path })),
          null,
          7,
          { path: DAY },
        ],
      };
    });
    const report = await whole(pullIndex(b.deps));
    expect(report.refused).toBe(hostile.length + 3);
    expect((await must(b.deps.index.page({}))).total).toBe(2);
  });

  it('names what lies in the index folder and is none of ours', async () => {
    plant('tenant-team/index/machines/../../evil.json.gz', gzipSync('{}'));
    plant('tenant-team/index/machines/readme.txt', new Uint8Array());
    expect((await whole(pullIndex(b.deps))).foreign).toHaveLength(2);
  });

  it('says offline, and what was listed stays listed', async () => {
    await whole(pullIndex(b.deps));
    b.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    const result = await pullIndex(b.deps);
    expect(result.ok ? null : result.error.code).toBe('offline');
    expect((await must(b.deps.index.page({}))).total).toBe(2);
  });

  it('brings segments once', async () => {
    for (let n = 0; n < 230; n++) await a.write(`2025-1${n % 2}-03-mike-t${n}.md`, 'x\n');
    await whole(push(a.deps));
    await whole(pullIndex(b.deps));
    expect((await must(b.deps.index.page({}))).total).toBe(232);
    await a.write(DAY, '# A day\nand more\n');
    await whole(push(a.deps, { force: 'all' }));
    b.calls.length = 0;
    await whole(pullIndex(b.deps));
    expect(b.calls.filter((call) => call.name.includes('segments'))).toEqual([]);
    expect((await must(b.deps.index.page({}))).total).toBe(232);
  });
});

describe('pull of logs', () => {
  beforeEach(() => whole(pullIndex(b.deps)));

  it('lands read-only in the cache, byte for byte, and once', async () => {
    const report = await whole(pullLogs(b.deps, { machines: [A] }));
    expect(report.pulled.map(({ id }) => id)).toEqual([
      logId(A, DAY),
      `${A}/projects/APOLLO/2026-01-05-mike-rocket.md`,
    ]);
    const file = `${b.paths.cache}/${A}/${DAY}`;
    expect(await readFile(file, 'utf8')).toBe(await a.read(DAY));
    expect((await stat(file)).mode & 0o777).toBe(0o400);
    expect((await stat(`${b.paths.cache}/${A}`)).mode & 0o777).toBe(0o500);
    b.calls.length = 0;
    expect((await whole(pullLogs(b.deps, { machines: [A] }))).upToDate).toBe(2);
    expect(b.calls).toEqual([]);
  });

  it('pulls the newer version of a log that grew', async () => {
    await whole(pullLogs(b.deps, { machines: [A] }));
    await a.write(DAY, `${await a.read(DAY)}\nmore\n`);
    await whole(push(a.deps));
    await whole(pullIndex(b.deps));
    const row = await must(b.deps.index.row(logId(A, DAY)));
    expect(row).toMatchObject({ place: 'cached', stale: true });
    expect((await whole(pullLogs(b.deps, { machines: [A] }))).pulled).toHaveLength(1);
    expect(await must(b.deps.index.row(logId(A, DAY)))).toMatchObject({ place: 'cached', stale: false });
  });

  it('keeps nothing of a body that was cut or altered on the way', async () => {
    for (const fault of [{ kind: 'cut', at: 0.5 } as const, { kind: 'flip', at: 0.5 } as const]) {
      b.fault = (call) => (call.operation === 'getStream' ? fault : null);
      const result = await pullLogs(b.deps, { machines: [A] });
      expect(problemOf(result)).not.toBeNull();
      expect(await must(b.deps.files.read(`${b.paths.cache}/${A}/${DAY}`))).toBeNull();
    }
    b.fault = null;
    expect((await whole(pullLogs(b.deps, { machines: [A] }))).pulled).toHaveLength(2);
  });

  it('refuses bytes that are not those of the index', async () => {
    const name = `tenant-team/machines/${A}/${DAY}`;
    const forged = new TextEncoder().encode('forged\n');
    plant(name, forged, { ...world.bucket.objects.get(name)?.info.metadata });
    const result = await pullLogs(b.deps, { machines: [A] });
    expect(problemOf(result)?.code).toBe('partial');
    expect(reportOf(result).failed).toMatchObject([{ id: logId(A, DAY), error: { code: 'corrupt' } }]);
  });

  it('goes on with the others when one object is denied, and names it', async () => {
    b.fault = ({ operation, name }) =>
      operation.startsWith('get') && name.endsWith(`${A}/${DAY}`)
        ? { kind: 'fail', code: 'denied', when: 'before' }
        : null;
    const result = await pullLogs(b.deps, { machines: [A] });
    expect(problemOf(result)?.code).toBe('partial');
    const { pulled: landed, failed } = reportOf(result);
    expect(landed).toHaveLength(1);
    expect(failed).toMatchObject([{ id: logId(A, DAY), error: { code: 'denied' } }]);
    b.fault = null;
    expect((await whole(pullLogs(b.deps, { machines: [A] }))).pulled).toHaveLength(1);
  });

  it('does not write through a link that leads out of the cache', async () => {
    const { mkdir, symlink, readdir } = await import('node:fs/promises');
    const outside = `${b.paths.home}/outside`;
    await mkdir(outside, { recursive: true });
    await mkdir(b.paths.cache, { recursive: true });
    await symlink(outside, `${b.paths.cache}/${A}`);
    const result = await pullLogs(b.deps, { machines: [A] });
    expect(problemOf(result)).not.toBeNull();
    expect(await readdir(outside)).toEqual([]);
  });

  it('finds a cached copy that was changed, says so when it is opened, and pulls it again', async () => {
    await whole(pullLogs(b.deps, { machines: [A] }));
    const file = `${b.paths.cache}/${A}/${DAY}`;
    const text = await readFile(file, 'utf8');
    await chmod(file, 0o600);
    await writeFile(file, text.replace('A day', 'X day'));
    const opened = await readLog(b.deps, logId(A, DAY));
    expect(opened.ok ? null : opened.error.code).toBe('corrupt');
    const checked = await verify(b.base);
    expect(problemOf(checked)?.code).toBe('partial');
    expect(reportOf(checked).problems).toMatchObject([{ log: logId(A, DAY) }]);
    await b.deps.files.remove(file);
    await whole(pullLogs(b.deps, { machines: [A] }));
    expect((await must(readLog(b.deps, logId(A, DAY)))).row.title).toBe('A day');
  });

  it('says where an unread log is, and how to get it', async () => {
    const unread = await readLog(b.deps, logId(A, DAY));
    expect(unread.ok ? null : unread.error).toMatchObject({ code: 'not-found', details: { inStore: true } });
  });

  it('reads what is cached while the store is out of reach', async () => {
    await whole(pullLogs(b.deps, { machines: [A] }));
    b.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    expect((await must(readLog(b.deps, logId(A, DAY)))).bytes.length).toBeGreaterThan(10);
    expect((await whole(pullLogs(b.deps, { machines: [A] }))).upToDate).toBe(2);
  });
});

describe('own rows', () => {
  it('are listed before they were ever pushed, and as waiting', async () => {
    await b.write('2026-01-06-hal-new.md', '# New\n');
    await must(refreshLocal(b.deps));
    expect((await must(b.deps.index.page({}))).rows).toMatchObject([
      { title: 'New', place: 'local', backedUp: false },
    ]);
    await whole(push(b.deps));
    expect((await must(b.deps.index.page({}))).rows).toMatchObject([{ place: 'local', backedUp: true }]);
    await b.write('2026-01-06-hal-new.md', '# Newer\n');
    await must(refreshLocal(b.deps));
    expect((await must(b.deps.index.page({}))).rows).toMatchObject([{ title: 'Newer', backedUp: false }]);
  });
});
