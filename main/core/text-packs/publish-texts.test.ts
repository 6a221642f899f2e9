import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { ok } from '../../../shared/result.ts';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { packsOf, publishingTexts, type TextMachine } from '../../testing/text-world.ts';
import type { PushReport } from '../sync/push-tally.ts';
import { push } from '../sync/push.ts';
import { doctor } from '../workflows/doctor.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { problemOf } from '../workflows/outcome.ts';
import type { StoreBase } from '../workflows/store-base.ts';
import { verify } from '../workflows/verify.ts';
import { createShardTexts } from './publish-texts.ts';

const FOLDER = 'tenant-team/index/text/';
let world: TestWorld;
let a: TextMachine;
beforeEach(() => {
  world = createTestWorld();
  a = publishingTexts(world.machine('a'));
  a.on('2026-11-20');
});
afterEach(() => world.end());

async function pushed(): Promise<PushReport> {
  return allDone(await push(a.deps));
}

/** What a reader finds: of each log the text in the newest pack that the head names. */
async function found(): Promise<Record<string, string>> {
  return Object.fromEntries((await packsOf(a)).flatMap(({ texts }) => [...texts]));
}

const stored = (): readonly string[] => [...world.objects().keys()].filter((name) => name.startsWith(FOLDER));
const full = (): readonly string[] => stored().filter((name) => world.objects().get(name) !== '');
const puts = (): readonly string[] =>
  a.calls.flatMap(({ operation, name }) => (operation === 'put' ? [name] : []));
const day = (n: number): string => `2026-11-${String(n).padStart(2, '0')}`;

describe('the text that a push publishes', () => {
  it('is named by the head with its size, and uploaded before it', async () => {
    await a.write('2026-11-20-mike-rocket.md', '# Rocket\nthe word zyzzyva\n');
    await pushed();
    const [pack, ...others] = await packsOf(a);
    expect(others).toEqual([]);
    expect(pack).toMatchObject({ logs: 1, from: '2026-11-20', to: '2026-11-20', merged: [] });
    expect(pack?.texts.get('2026-11-20-mike-rocket.md')).toBe('# Rocket\nthe word zyzzyva\n');
    expect(puts().at(-1)).toBe(a.deps.layout.head(a.deps.self.uuid));
    expect(puts().at(-2)).toBe(`${FOLDER}${a.deps.self.uuid}/${pack?.name}`);
  });

  it('is asked for and uploaded by no push that has nothing new', async () => {
    await a.write('2026-11-20-mike-rocket.md', 'one\n');
    await pushed();
    a.calls.length = 0;
    expect(await pushed()).toMatchObject({ published: false });
    expect(a.calls).toEqual([]);
  });

  it('is one pack a day, in which a log that grew has its newest text', async () => {
    await a.write('2026-11-20-mike-a.md', 'alpha\n');
    await pushed();
    await a.write('2026-11-20-mike-a.md', 'alpha\nbeta\n');
    await a.write('2026-11-20-mike-b.md', 'gamma\n');
    await pushed();
    expect((await packsOf(a)).map(({ logs }) => logs)).toEqual([2]);
    a.on('2026-11-21');
    await a.write('2026-11-20-mike-a.md', 'alpha\nbeta\ndelta\n');
    await pushed();
    expect((await packsOf(a)).map(({ texts }) => [...texts.keys()])).toEqual([
      ['2026-11-20-mike-a.md', '2026-11-20-mike-b.md'],
      ['2026-11-20-mike-a.md'],
    ]);
    expect(await found()).toEqual({
      '2026-11-20-mike-a.md': 'alpha\nbeta\ndelta\n',
      '2026-11-20-mike-b.md': 'gamma\n',
    });
  });

  it('is merged in few packs while the month runs, and by its stretches afterwards', async () => {
    const most: number[] = [];
    for (const [month, days] of [
      ['2026-09', 30],
      ['2026-10', 31],
      ['2026-11', 12],
    ] as const)
      for (let n = 1; n <= days; n += 2) {
        const today = `${month}-${String(n).padStart(2, '0')}`;
        a.on(today);
        await a.write(`${today}-mike-t.md`, `word${month.slice(5)}x${n}\n`);
        await pushed();
        most.push((await packsOf(a)).length);
      }
    // Quarters that are over, each month of the running one, the days of the running month and today.
    expect(Math.max(...most)).toBeLessThanOrEqual(12);
    expect(Object.keys(await found()).length).toBe(37);
    // A name is used again; what is left over is empty.
    expect(stored().length).toBeLessThanOrEqual(25);
    expect(full().length).toBeLessThanOrEqual((await packsOf(a)).length + 2);
  });

  it('never loses what the head in the store names, whichever push was the last', async () => {
    for (let n = 1; n <= 25; n++) {
      a.on(day(n));
      await a.write(`${day(n)}-mike-t.md`, `word${n}\n`);
      await pushed();
      // packsOf fails when a pack that is named is not there as it was announced.
      expect(Object.keys(await found()).length).toBe(n);
    }
  });

  it('has no deleted log any more once its pack is merged', async () => {
    for (let n = 1; n <= 3; n++) {
      a.on(day(n));
      await a.write(`${day(n)}-mike-t.md`, `word${n}\n`);
      await pushed();
    }
    await rm(join(a.paths.sessionLogs, `${day(2)}-mike-t.md`));
    await pushed();
    a.on('2026-12-01');
    await a.write('2026-12-01-mike-t.md', 'december\n');
    await pushed();
    expect(Object.keys(await found()).sort()).toEqual([
      '2026-11-01-mike-t.md',
      '2026-11-03-mike-t.md',
      '2026-12-01-mike-t.md',
    ]);
  });

  it('says of a merged pack what went into it, and of a pack with news nothing', async () => {
    const before: string[] = [];
    for (let n = 1; n <= 3; n++) {
      a.on(day(n));
      await a.write(`${day(n)}-mike-t.md`, `word${n}\n`);
      await pushed();
    }
    before.push(...(await packsOf(a)).map(({ sha256 }) => sha256));
    a.on('2026-12-01');
    await a.write('2026-12-01-mike-t.md', 'december\n');
    await pushed();
    expect((await packsOf(a)).map(({ merged }) => merged)).toEqual([before, []]);
  });

  it('has no secrets, and no files that are no text', async () => {
    await a.write('2026-11-20-mike-a.md', '# A\n## Credentials & Secrets\nhunter2\n## Next\nplain\n');
    await a.write('2026-11-20-mike-b.md', new Uint8Array([0x89, 0x50, 0, 0, 1]));
    await pushed();
    expect(await found()).toEqual({
      '2026-11-20-mike-a.md': '# A\n## Credentials & Secrets\n\n## Next\nplain\n',
    });
    expect(
      [...world.objects()].some(([name, text]) => name.startsWith(FOLDER) && text.includes('hunter2')),
    ).toBe(false);
  });

  it('of a store that had none comes with the next push, in packs of their time', async () => {
    const { texts: _, ...older } = a.deps;
    for (let n = 0; n < 240; n++)
      await a.write(`20${24 + (n % 3)}-0${1 + (n % 9)}-05-mike-t${n}.md`, `word${n}\n`);
    allDone(await push(older));
    expect(stored()).toEqual([]);
    expect(await pushed()).toMatchObject({ uploaded: [], published: true });
    expect((await packsOf(a)).map(({ from, to, logs }) => [from, to, logs])).toEqual([
      ['2024-01-05', '2024-07-05', 80],
      ['2025-02-05', '2025-08-05', 80],
      ['2026-03-05', '2026-09-05', 80],
    ]);
    a.calls.length = 0;
    await pushed();
    expect(a.calls).toEqual([]);
  });

  it('survives the loss of what this machine knew of it', async () => {
    await a.write('2026-11-20-mike-a.md', 'alpha\n');
    await pushed();
    for (const name of await readdir(a.paths.state))
      if (name.startsWith('text-packs-')) await rm(join(a.paths.state, name));
    await a.write('2026-11-20-mike-b.md', 'beta\n');
    await pushed();
    expect(await found()).toEqual({ '2026-11-20-mike-a.md': 'alpha\n', '2026-11-20-mike-b.md': 'beta\n' });
    await a.write('2026-11-20-mike-b.md', 'beta\ngamma\n');
    await pushed();
    expect(full().length).toBeLessThanOrEqual(2);
  });

  it('is merged with what a clock in the future has left, and is found meanwhile', async () => {
    a.on('2031-05-05');
    await a.write('2026-11-20-mike-a.md', 'alpha\n');
    await pushed();
    for (let n = 1; n <= 12; n++) {
      a.on(day(n));
      await a.write(`${day(n)}-mike-t.md`, `word${n}\n`);
      await pushed();
    }
    expect(Object.keys(await found()).length).toBe(13);
    expect((await packsOf(a)).length).toBeLessThanOrEqual(10);
  });
});

describe('a publishing that is cut short', () => {
  it.each(['before', 'after'] as const)(
    'at any call to the store (%s it was served) is taken up again',
    async (when) => {
      let calls = Number.POSITIVE_INFINITY;
      for (let at = 1; at <= calls; at++) {
        const machine = publishingTexts(
          world.machine('c', { uuid: `${String(at).padStart(8, '0')}-aaaa-4aaa-8aaa-aaaaaaaaaaaa` as never }),
        );
        machine.on(day(1));
        await machine.write('2026-11-01-mike-a.md', 'alpha\n');
        allDone(await push(machine.deps));
        machine.on('2026-12-01');
        await machine.write('2026-11-01-mike-a.md', 'alpha\nbeta\n');
        await machine.write('2026-12-01-mike-b.md', 'gamma\n');
        machine.calls.length = 0;
        machine.fault = () => (machine.calls.length >= at ? { kind: 'fail', code: 'offline', when } : null);
        await push(machine.deps);
        if (calls === Number.POSITIVE_INFINITY && machine.calls.length < at) calls = at;
        machine.fault = null;
        // Whatever the head names is there as it says.
        await packsOf(machine);
        reportOf(await push(machine.deps));
        const texts = Object.fromEntries((await packsOf(machine)).flatMap((pack) => [...pack.texts]));
        expect(texts).toEqual({ '2026-11-01-mike-a.md': 'alpha\nbeta\n', '2026-12-01-mike-b.md': 'gamma\n' });
        machine.calls.length = 0;
        allDone(await push(machine.deps));
        expect(machine.calls).toEqual([]);
      }
      expect(calls).toBeGreaterThan(4);
    },
  );

  it('does not keep logs from being listed', async () => {
    await a.write('2026-11-20-mike-a.md', 'alpha\n');
    a.fault = ({ operation, name }) =>
      operation === 'put' && name.startsWith(FOLDER)
        ? { kind: 'fail', code: 'server', when: 'before' }
        : null;
    expect(await pushed()).toMatchObject({ published: true });
    expect(await packsOf(a)).toEqual([]);
    a.fault = null;
    expect(await pushed()).toMatchObject({ uploaded: [], published: true });
    expect(await found()).toEqual({ '2026-11-20-mike-a.md': 'alpha\n' });
  });

  it('by a person lists what is stored, and goes on with the next push', async () => {
    for (let n = 0; n < 30; n++) await a.write(`2026-11-20-mike-t${n}.md`, `word${n}\n`);
    const stop = new AbortController();
    const { files } = a.deps;
    let reads = 0;
    const deps = {
      ...a.deps,
      files: {
        ...files,
        readHead: (path: string, length: number) => {
          if (++reads === 10) stop.abort();
          return files.readHead(path, length);
        },
      },
    };
    reportOf(await push({ ...deps, texts: createShardTexts(deps) }, { signal: stop.signal }));
    expect(await packsOf(a)).toEqual([]);
    await pushed();
    expect(Object.keys(await found()).length).toBe(30);
  });
});

describe('text packs that are damaged in the store', () => {
  const nameOf = async (): Promise<string> => `${FOLDER}${a.deps.self.uuid}/${(await packsOf(a))[0]?.name}`;
  const base = (): StoreBase => ({ ...a.base, sync: a.deps });

  beforeEach(async () => {
    await a.write('2026-11-20-mike-a.md', 'alpha\n');
    await pushed();
  });

  it.each<[string, (name: string) => void]>([
    ['gone', (name) => world.bucket.remove(name)],
    [
      'written over',
      (name) => {
        const bytes = new TextEncoder().encode('no pack');
        world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata: {} });
      },
    ],
  ])('(%s) are named by verify and doctor, and made anew by a full sync', async (_, damage) => {
    const name = await nameOf();
    expect(allDone(await verify(base())).texts).toEqual({ packs: 1, damaged: [] });
    damage(name);
    const found = await verify(base());
    expect(reportOf(found).texts.damaged).toEqual(['pack-1.jsonl.gz']);
    expect(problemOf(found)?.remedy).toContain('session-log sync --full');
    const findings = await doctor(base(), []);
    expect(findings.report.find(({ subject }) => subject === 'search')?.level).toBe('problem');
    // A push with nothing new would leave it so.
    allDone(await push(a.deps));
    expect(allDone(await fullSync(base(), { reader: { folder: a.paths.home } }))).toMatchObject({
      republished: true,
    });
    expect(Object.fromEntries((await packsOf(a)).flatMap(({ texts }) => [...texts]))).toEqual({
      '2026-11-20-mike-a.md': 'alpha\n',
    });
    expect(allDone(await verify(base())).texts.damaged).toEqual([]);
  });

  it('bit by bit are found by verify --deep, which reads them', async () => {
    const name = await nameOf();
    const stored = world.bucket.objects.get(name);
    const { texts } = a.deps;
    const store = {
      ...a.deps.store,
      get: async (wanted: string) =>
        wanted === name && stored
          ? ok({ info: stored.info, bytes: stored.bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) })
          : await a.deps.store.get(wanted),
    };
    const deps = { ...a.deps, store, ...(texts ? { texts: createShardTexts({ ...a.deps, store }) } : {}) };
    expect(reportOf(await verify({ sync: deps })).texts.damaged).toEqual([]);
    expect(reportOf(await verify({ sync: deps }, { deep: true })).texts.damaged).toEqual(['pack-1.jsonl.gz']);
  });
});
