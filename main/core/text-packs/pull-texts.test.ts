import { gzipSync } from 'node:zlib';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import { err, ok } from '../../../shared/result.ts';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import {
  createMemoryTexts,
  packsOf,
  publishingTexts,
  type MemoryTexts,
  type TextMachine,
} from '../../testing/text-world.ts';
import { fetchHead } from '../sync/fetch-head.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { push } from '../sync/push.ts';
import { problemOf } from '../workflows/outcome.ts';
import { pullTexts, type PullTextsDeps, type PullTextsOptions } from './pull-texts.ts';
import type { KnownShard } from '../ports/log-index.ts';
import type { SeenHead } from './seen-heads.ts';
import { teamTextSize } from './team-texts.ts';

let world: TestWorld;
let [a, b]: [TextMachine, TextMachine] = [] as never;
let reader: TestMachine;
let sink: MemoryTexts;

beforeEach(async () => {
  world = createTestWorld();
  [a, b] = [publishingTexts(world.machine('a')), publishingTexts(world.machine('b'))];
  reader = world.machine('e');
  sink = createMemoryTexts();
  await a.write('2026-11-20-mike-rocket.md', 'zyzzyva\n');
  await b.write('2026-11-20-mara-comet.md', 'quokka\n');
  for (const machine of [a, b]) allDone(await push(machine.deps));
});
afterEach(() => world.end());

const deps = (): PullTextsDeps => ({
  ...reader.deps,
  clock: { ...reader.deps.clock, now: () => Date.UTC(2026, 10, 20, 12) },
  sink,
  fetchHead: async (machine, options) => {
    const found = await fetchHead(reader.deps, machine, options);
    if (!found.ok || found.value === null) return found as never;
    const { head, generation } = found.value;
    return ok({ machine, host: head.host, generation, texts: head.texts });
  },
});

/** A pull of the index, then of texts, as the workflow does both. */
async function pulled(options: Partial<PullTextsOptions> = {}): ReturnType<typeof pullTexts> {
  const heads: SeenHead[] = [];
  reportOf(
    await pullIndex(reader.deps, {
      onHead: ({ machine, host, texts }, generation) => heads.push({ machine, host, texts, generation }),
    }),
  );
  reader.calls.length = 0;
  return await pullTexts(deps(), { team: 'all', heads, ...options });
}

const found = (): Record<string, string> => Object.fromEntries(sink.texts);
const BOTH = { 'a/2026-11-20-mike-rocket.md': 'zyzzyva\n', 'b/2026-11-20-mara-comet.md': 'quokka\n' };

describe('the text of other machines', () => {
  it('is found by a machine that pulled no log, after one request for each pack', async () => {
    expect(allDone(await pulled())).toMatchObject({ packs: 2, logs: 2, refused: 0, failed: [] });
    expect(found()).toEqual(BOTH);
    expect(reader.calls.map(({ operation }) => operation)).toEqual(['get', 'get']);
  });

  it('is taken once', async () => {
    await pulled();
    expect(allDone(await pulled())).toMatchObject({ packs: 0 });
    expect(reader.calls).toEqual([]);
    expect(sink.puts.length).toBe(2);
  });

  it('is found where an older program had pulled the index', async () => {
    reportOf(await pullIndex(reader.deps));
    expect(allDone(await pulled())).toMatchObject({ packs: 2 });
  });

  it('is left alone where an older program pushes', async () => {
    const { texts: _, ...older } = a.deps;
    await a.write('2026-11-20-mike-new.md', 'new\n');
    allDone(await push(older));
    expect(allDone(await pulled())).toMatchObject({ packs: 1, failed: [] });
    expect(found()).toEqual({ 'b/2026-11-20-mara-comet.md': 'quokka\n' });
  });

  it('lags behind the index where its packs could not be stored, and comes later', async () => {
    a.fault = ({ name }) =>
      name.includes('/text/') ? { kind: 'fail', code: 'server', when: 'before' } : null;
    await a.write('2026-11-20-mike-new.md', 'new\n');
    await push(a.deps);
    expect(allDone(await pulled())).toMatchObject({ packs: 2, failed: [] });
    a.fault = null;
    allDone(await push(a.deps));
    expect(allDone(await pulled())).toMatchObject({ packs: 1 });
    expect(found()).toEqual({ ...BOTH, 'a/2026-11-20-mike-new.md': 'new\n' });
  });

  it('comes a pack at a time as a team works, and merged packs are not fetched again', async () => {
    await pulled();
    const fetched: number[] = [];
    for (let n = 21; n <= 30; n++) {
      a.on(`2026-11-${n}`);
      await a.write(`2026-11-${n}-mike-t.md`, `word${n}\n`);
      allDone(await push(a.deps));
      fetched.push(allDone(await pulled()).packs);
    }
    a.on('2026-12-01');
    await a.write('2026-12-01-mike-t.md', 'december\n');
    allDone(await push(a.deps));
    expect((await packsOf(a)).length).toBe(2);
    fetched.push(allDone(await pulled()).packs);
    expect(fetched).toEqual(Array.from({ length: 11 }, () => 1));
    expect(sink.texts.size).toBe(13);
  });

  it('is taken again when the search database was made anew', async () => {
    await pulled();
    sink.texts.clear();
    a.on('2026-11-21');
    await a.write('2026-11-21-mike-new.md', 'new\n');
    allDone(await push(a.deps));
    await pulled();
    expect(found()).toEqual({ ...BOTH, 'a/2026-11-21-mike-new.md': 'new\n' });
  });

  it('is taken again when what was known of it is lost', async () => {
    await pulled();
    await rm(`${reader.paths.state}/team-texts.json`);
    expect(allDone(await pulled())).toMatchObject({ packs: 2 });
  });

  it('goes on after an interruption', async () => {
    const stop = new AbortController();
    const put = sink.put.bind(sink);
    sink.put = async (...given) => {
      stop.abort();
      return await put(...given);
    };
    expect(problemOf(await pulled({ signal: stop.signal }))?.code).toBe('cancelled');
    expect(sink.puts.length).toBe(1);
    sink.put = put;
    expect(allDone(await pulled())).toMatchObject({ packs: 1 });
    expect(found()).toEqual(BOTH);
  });

  it('comes from ten thousand machines, is written down a few times, and comes from none the next time', async () => {
    const packed = gzipped(`${header()}\n${line('x.md')}\n`);
    const heads = Array.from({ length: 10_000 }, (_, at): SeenHead & KnownShard => {
      const machine = `00000000-0000-0000-0000-${at.toString(16).padStart(12, '0')}` as MachineUuid;
      const isOld = at % 100 > 0;
      const own = isOld ? packed : gzipped(`${header(machine)}\n${line('x.md')}\n`);
      if (!isOld) plant(a.deps.layout.textPack(machine, 'pack-7.jsonl.gz'), own);
      const texts = [{ ...truth(own), ...(isOld ? { from: '2019-01-01', to: '2019-01-01' } : {}) }];
      return { machine, host: `host-${at}`, generation: '1', texts, segments: [] };
    });
    let written = 0;
    const all: PullTextsDeps = {
      ...deps(),
      clock: { ...deps().clock, monotonic: () => 0 },
      index: { ...reader.deps.index, knownShards: async () => ok(heads) },
      files: {
        ...reader.deps.files,
        replace: async (...given) => {
          written++;
          return reader.deps.files.replace(...given);
        },
      },
    };
    expect(allDone(await pullTexts(all, { team: '24', heads }))).toMatchObject({ packs: 100, failed: [] });
    expect(written).toBe(1);
    reader.calls.length = 0;
    expect(allDone(await pullTexts(all, { team: '24' }))).toMatchObject({ packs: 0 });
    expect(reader.calls).toEqual([]);
  });

  it('stays where the store cannot be reached, and what stops the sink stops it', async () => {
    await pulled();
    reader.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    expect(await pullTexts(deps(), { team: 'all' })).toMatchObject({ ok: true });
    expect(found()).toEqual(BOTH);
    reader.fault = null;
    await rm(`${reader.paths.state}/team-texts.json`);
    sink.put = async () => err(appError('disk-full', 'The disk is full.', 'Make room.'));
    expect(problemOf(await pulled())?.code).toBe('disk-full');
  });
});

describe('which text is pulled', () => {
  it('search.team leaves out what is older than so many months, and brings it when it is set wider', async () => {
    a.on('2024-05-05');
    const old = publishingTexts(world.machine('c'));
    old.on('2024-05-05');
    await old.write('2024-05-05-mike-old.md', 'old\n');
    allDone(await push(old.deps));
    expect(allDone(await pulled({ team: '24' }))).toMatchObject({ packs: 2 });
    expect(found()).toEqual(BOTH);
    expect(allDone(await pulled({ team: '31' }))).toMatchObject({ packs: 1 });
    expect(found()).toEqual({ ...BOTH, 'c/2024-05-05-mike-old.md': 'old\n' });
  });

  it('search.team off pulls nothing and drops what was kept', async () => {
    expect(allDone(await pulled({ team: 'off' }))).toMatchObject({ packs: 0 });
    await pulled();
    await pulled({ team: 'off' });
    expect(found()).toEqual({});
    expect(allDone(await pulled())).toMatchObject({ packs: 2 });
  });

  it('is told with its size, once, before the first text comes', async () => {
    const told: unknown[] = [];
    const onFirst = (size: unknown): void => void told.push([size, sink.texts.size]);
    await pulled({ team: 'off', onFirst });
    const size = await teamTextSize(deps(), 'all', '2026-11-20' as never);
    await pulled({ onFirst });
    await pulled({ onFirst });
    const bytes = [...(await packsOf(a)), ...(await packsOf(b))].reduce((sum, pack) => sum + pack.size, 0);
    expect(told).toEqual([[expect.objectContaining({ machines: 2, packs: 2, logs: 2, bytes }), 0]]);
    expect(size).toEqual(ok(expect.objectContaining({ machines: 2, bytes })));
  });
});

const gzipped = (text: string | Uint8Array): Uint8Array => new Uint8Array(gzipSync(text));
const header = (machine = testUuid('a')): string => JSON.stringify({ schema: 1, machine });
const line = (path: unknown, text: unknown = 'evil\n'): string =>
  JSON.stringify({ path, sha256: 'a'.repeat(64), date: '2026-11-20', text });

function plant(name: string, bytes: Uint8Array): void {
  world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata: {} });
}

/** Writes machine a's head anew, as somebody with rights to the store would. */
function plantHead(texts: unknown): void {
  const name = a.deps.layout.head(a.deps.self.uuid);
  const head = { schema: 1, machine: testUuid('a'), host: 'host-a', writer: 'x', seq: 9, updated: 0 };
  const rest = { totals: { logs: 0, bytes: 0 }, segments: [], entries: [], receipts: [], texts };
  plant(name, gzipped(JSON.stringify({ ...head, ...rest })));
}

/** Plants a pack together with a head that says the truth of it, but for what is given. */
function plantPack(packed: Uint8Array, lies: Partial<Record<keyof TextPackRef, unknown>> = {}): void {
  plant(a.deps.layout.textPack(a.deps.self.uuid, 'pack-7.jsonl.gz'), packed);
  plantHead([{ ...truth(packed), ...lies }]);
}

function truth(packed: Uint8Array): Record<keyof TextPackRef, unknown> {
  return {
    name: 'pack-7.jsonl.gz',
    from: '2026-11-20',
    to: '2026-11-20',
    logs: 1,
    size: packed.length,
    text: 1_000_000,
    sha256: a.deps.bytes.sha256(packed),
    merged: [],
  };
}

const good = gzipped(`${header()}\n${line('good.md', 'good\n')}\n`);
const bomb = (): Uint8Array => gzipped(new Uint8Array(64 * 1024 * 1024));
const million = (): Uint8Array => gzipped(`${header()}\n${'{}\n'.repeat(1_000_000)}`);

describe('a hostile pack', () => {
  it.each<[string, () => void]>([
    ['unpacks to more than it says', () => plantPack(bomb())],
    ['says that it unpacks to more than a pack can', () => plantPack(bomb(), { text: 64 * 1024 * 1024 })],
    ['is larger than its head says', () => plantPack(new Uint8Array(200_000).fill(7), { size: 10 })],
    ['is announced larger than a pack can be', () => plantPack(good, { size: 1024 ** 3 })],
    ['is announced larger than anything', () => plantPack(good, { size: 2 ** 53 })],
    ['is smaller than its head says', () => plantPack(good, { size: good.length + 1 })],
    ['has another digest', () => plantPack(good, { sha256: 'b'.repeat(64) })],
    ['is no gzip', () => plantPack(new TextEncoder().encode('plain'))],
    ['is empty', () => plantPack(gzipped(''))],
    ['is of another machine', () => plantPack(gzipped(`${header(testUuid('b'))}\n${line('x.md')}\n`))],
    ['is of a later format', () => plantPack(gzipped(`{"schema":2,"machine":"${testUuid('a')}"}\n`))],
    ['has a million entries', () => plantPack(million())],
    [
      'is one line without end',
      () => plantPack(gzipped(`${header()}\n"${'x'.repeat(9_000_000)}`), { text: 2e7 }),
    ],
    ['is nested without end', () => plantPack(gzipped('['.repeat(900_000)))],
    ['is missing', () => plantHead([truth(good)])],
    [
      'is named by a path of another machine',
      () => plantPack(good, { name: `../${testUuid('b')}/pack-1.jsonl.gz` }),
    ],
    ['is named by no name of a pack', () => plantPack(good, { name: 'pack-0.jsonl.gz' })],
    ['is named twice', () => plantHead([truth(good), truth(good)])],
    ['is one of a million', () => plantHead(Array.from({ length: 200_000 }, () => 0))],
    ['is described by something else', () => plantHead({ length: 1 })],
    ['has days that are none', () => plantPack(good, { to: '2026-13-40' })],
    [
      'says that everything was merged into it',
      () => plantPack(good, { merged: Array.from({ length: 300 }, () => 'a'.repeat(64)) }),
    ],
  ])('%s: it is refused and named, the others come in, and it is not read again', async (_, attack) => {
    attack();
    const result = await pulled();
    expect(problemOf(result)?.code).toBe('partial');
    expect(reportOf(result).failed.map(({ machine }) => machine)).toEqual([testUuid('a')]);
    expect(found()).toEqual({ 'b/2026-11-20-mara-comet.md': 'quokka\n' });
    expect(reportOf(await pulled()).failed.length).toBe(1);
    expect(reader.calls).toEqual([]);
    // Once the machine publishes again, all is well.
    await a.write('2026-11-20-mike-new.md', 'new\n');
    await push(a.deps);
    expect(allDone(await pulled()).failed).toEqual([]);
    expect(found()).toEqual({ ...BOTH, 'a/2026-11-20-mike-new.md': 'new\n' });
  });

  it('brings its logs but for those with names that leave their folder, come twice or say nothing', async () => {
    const lines = [
      line('good.md', 'good\n'),
      line('GOOD.md'),
      line('../x.md'),
      line('/etc/x.md'),
      line(`C:x.md`),
      line('x.txt'),
      line('con.md'),
      line('half \ud800.md'),
      line(7),
      line('number.md', 7),
      JSON.stringify({ path: 'digest.md', sha256: 'x', date: '2026-11-20', text: '' }),
      JSON.stringify({ path: 'day.md', sha256: 'a'.repeat(64), date: '2026-02-30', text: '' }),
      'null',
      '{"path":',
      line('surrogate.md', 'a\ud800b'),
    ];
    plantPack(gzipped(`${header()}\n${lines.join('\n')}\n`));
    expect(allDone(await pulled())).toMatchObject({ packs: 2, refused: lines.length - 2 });
    expect(found()).toEqual({
      'b/2026-11-20-mara-comet.md': 'quokka\n',
      'a/good.md': 'good\n',
      'a/surrogate.md': 'a\ufffdb',
    });
  });

  it('cannot pretend to hold what others hold: what was merged counts by packs of its own machine alone', async () => {
    await pulled();
    const [own] = await packsOf(b);
    plantPack(good, { merged: [own?.sha256] });
    expect(allDone(await pulled())).toMatchObject({ packs: 1 });
    expect(found()).toMatchObject({ 'a/good.md': 'good\n' });
  });

  it('takes nothing from the index of its machine', async () => {
    plantHead('no packs at all');
    const result = await pullIndex(reader.deps);
    expect(reportOf(result).failed).toEqual([]);
    expect(reportOf(result).updated).toEqual([testUuid('a'), testUuid('b')]);
  });
});
