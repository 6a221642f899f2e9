import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import { unwrap, type Result } from '../../../shared/result.ts';
import type { LogIndex } from '../../core/ports/log-index.ts';
import { A, newFolder } from '../../testing/index-fixture.ts';
import { sampleShard } from '../../testing/sample-shards.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { openConnection } from './sqlite-connection.ts';
import { createSqliteLogIndex, type IndexRebuilt } from './sqlite-log-index.ts';

const SHARDS = [0, 1, 2].map((number) => sampleShard(number, 300));
const { machine: MACHINE } = sampleShard(1, 0).content;
const CACHED = { id: `${MACHINE}/a.md` as LogId, sha256: 'd'.repeat(64) };

interface Opened {
  readonly index: LogIndex;
  readonly rebuilt: IndexRebuilt[];
}

function open(file: string): Opened {
  const rebuilt: IndexRebuilt[] = [];
  const onRebuilt = (event: IndexRebuilt): void => void rebuilt.push(event);
  return { index: createSqliteLogIndex({ file, own: A, thread: 'caller', onRebuilt }), rebuilt };
}

/** Brings everything, as a pull does: what is known stays, what is not is given. */
async function fill(index: LogIndex): Promise<Result<unknown, AppError>[]> {
  const results: Result<unknown, AppError>[] = [];
  for (const { content, head, segments } of SHARDS) {
    const shards = await index.knownShards();
    const known = shards.ok ? shards.value.find((shard) => shard.machine === content.machine)?.segments : [];
    const missing = segments.filter(({ name }) => !known?.includes(name));
    results.push(shards, await index.putShard(content, head, missing));
  }
  return results;
}

/** Every kind of call. */
async function useAll(index: LogIndex, target: string): Promise<Result<unknown, AppError>[]> {
  return [
    await index.page({}),
    await index.page({ text: 'cache' }),
    await index.groups({ groupBy: 'machine' }),
    await index.page({ projects: ['atlas'], groupBy: 'machine', offset: 20 }),
    await index.row(CACHED.id),
    await index.entries(MACHINE),
    await index.machines(),
    await index.days({}),
    await index.notes(),
    await index.receipts(),
    await index.facets(),
    await index.cachedDigests(MACHINE),
    await index.setCached([CACHED]),
    await index.exportTo(target),
    await index.version(),
  ];
}

function codes(results: readonly Result<unknown, AppError>[]): Set<string> {
  return new Set(results.flatMap((result) => (result.ok ? [] : [result.error.code])));
}

async function holdsEverything(index: LogIndex): Promise<boolean> {
  for (const { content, head, segments } of SHARDS) {
    const all = [...head, ...segments.flatMap((segment) => segment.entries)];
    const wanted = all.sort((a, b) => (a.path < b.path ? -1 : 1));
    if (JSON.stringify(unwrap(await index.entries(content.machine))) !== JSON.stringify(wanted)) return false;
  }
  return true;
}

/** A full index whose file nobody has open: the worker lets go of it when it ends. */
async function goodFile(): Promise<string> {
  const file = join(newFolder(), 'index.db');
  const index = createSqliteLogIndex({ file, own: A });
  for (const result of await fill(index)) unwrap(result);
  unwrap(await index.setCached([CACHED]));
  unwrap(await index.page({ text: 'cache' }));
  await index.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
  return file;
}

describe('a damaged index', () => {
  it('starts anew wherever it was cut off, and holds everything after one pull', async () => {
    const whole = readFileSync(await goodFile());
    const size = whole.length;
    for (const at of [
      0,
      1,
      15,
      16,
      50,
      99,
      100,
      512,
      4095,
      4096,
      4097,
      8192,
      size >> 1,
      size - 4096,
      size - 1,
    ]) {
      const file = join(newFolder(), 'index.db');
      writeFileSync(file, whole.subarray(0, at));
      const { index, rebuilt } = open(file);
      expect(codes(await useAll(index, `${file}.json`)), `cut at ${at}`).toEqual(new Set());
      expect(codes(await fill(index))).toEqual(new Set());
      expect(await holdsEverything(index), `cut at ${at}`).toBe(true);
      // An empty file is a new one; all others were told and kept.
      if (at > 0 && rebuilt.length > 0) {
        expect(rebuilt).toEqual([{ reason: 'damaged', movedTo: `${file}.damaged` }]);
        expect(statSync(`${file}.damaged`).size).toBe(at);
      }
      await index.close();
    }
  });

  it('never ends the process and heals, whichever bytes are wrong', { timeout: 120_000 }, async () => {
    const whole = readFileSync(await goodFile());
    const random = createSeededRandom(20_261_121);
    let met = 0;
    for (let run = 0; run < 36; run++) {
      const bytes = Buffer.from(whole);
      // A few bytes anywhere, bytes of the first page, or a whole page.
      if (run % 3 === 0) for (let n = 0; n <= run; n++) bytes[random.below(bytes.length)] = random.below(256);
      else if (run % 3 === 1) bytes[random.below(4_096)] = random.below(256);
      else bytes.set(random.bytes(4_096), 4_096 * random.below(bytes.length >> 12));
      const file = join(newFolder(), 'index.db');
      writeFileSync(file, bytes);
      const { index, rebuilt } = open(file);
      const used = [
        ...(await useAll(index, `${file}.json`)),
        ...(await fill(index)),
        ...(await useAll(index, `${file}.json`)),
      ];
      expect(
        [...codes(used)].filter((code) => code !== 'corrupt'),
        `run ${run}`,
      ).toEqual([]);
      expect(codes(await fill(index)), `run ${run}`).toEqual(new Set());
      expect(unwrap(await index.knownShards())).toHaveLength(SHARDS.length);
      met += rebuilt.length;
      await index.close();
    }
    expect(met).toBeGreaterThan(12);
  });

  it('says what it was built on is gone when only a part is brought', async () => {
    const file = await goodFile();
    const { content, head } = SHARDS[1]!;
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4_096);
    writeFileSync(file, bytes);
    const { index, rebuilt } = open(file);
    expect(await index.putShard(content, head, [])).toMatchObject({
      ok: false,
      error: { code: 'corrupt', transient: true },
    });
    expect(rebuilt).toHaveLength(1);
    expect(unwrap(await index.knownShards())).toEqual([]);
    await index.close();
  });

  it('keeps what it knows of the cache when that can still be read', async () => {
    const file = await goodFile();
    const db = openConnection(file, 1_000);
    db.exec(
      `pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'segments', 'sägments')`,
    );
    db.close();
    const { index, rebuilt } = open(file);
    expect(unwrap(await index.knownShards())).toEqual([]);
    expect(rebuilt).toEqual([{ reason: 'damaged', movedTo: `${file}.damaged` }]);
    expect(unwrap(await index.cachedDigests(MACHINE))).toEqual([{ path: 'a.md', sha256: CACHED.sha256 }]);
    await index.close();
  });

  it('does not empty a database of another program', async () => {
    const file = join(newFolder(), 'index.db');
    const db = openConnection(file, 1_000);
    db.exec(`create table treasure (gold); insert into treasure values (7)`);
    db.close();
    const { index, rebuilt } = open(file);
    expect(unwrap(await index.knownShards())).toEqual([]);
    expect(rebuilt).toEqual([{ reason: 'damaged', movedTo: `${file}.damaged` }]);
    const kept = openConnection(`${file}.damaged`, 1_000);
    expect(kept.number('select gold from treasure')).toBe(7);
    kept.close();
    await index.close();
  });

  it('refuses a folder in its place', async () => {
    const { index } = open(newFolder());
    expect(await index.version()).toMatchObject({ ok: false, error: { code: 'io' } });
    expect(await index.version()).toMatchObject({ ok: false, error: { code: 'io' } });
  });
});

describe('an index of another version', () => {
  it.each([0, 7])(
    'is emptied where it lies, but for what it knows of the cache (version %i)',
    async (version) => {
      const file = await goodFile();
      const db = openConnection(file, 1_000);
      const before = db.number('select version from meta');
      db.exec(
        `drop table days; create table extra (a primary key); create view seen as select 1; pragma user_version = ${version}`,
      );
      db.close();
      const { index, rebuilt } = open(file);
      expect(unwrap(await index.knownShards())).toEqual([]);
      expect(rebuilt).toEqual([{ reason: 'version', movedTo: null }]);
      expect(unwrap(await index.version())).toBeGreaterThan(before);
      expect(unwrap(await index.cachedDigests(MACHINE))).toEqual([{ path: 'a.md', sha256: CACHED.sha256 }]);
      expect(codes(await fill(index))).toEqual(new Set());
      expect(await holdsEverything(index)).toBe(true);
      expect(codes(await useAll(index, `${file}.json`))).toEqual(new Set());
      await index.close();
    },
  );
});
