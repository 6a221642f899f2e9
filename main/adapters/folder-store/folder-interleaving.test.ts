import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runLimited } from '../../core/concurrency/run-limited.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import { Killed } from '../../testing/failing-calls.ts';
import { howOften } from '../../testing/how-often.ts';
import { createPowerCutDisk, type PowerCutDisk } from '../../testing/power-cut-disk.ts';
import { createSeededRandom, type SeededRandom } from '../../testing/seeded-random.ts';
import { createStillClock } from '../../testing/still-clock.ts';
import { okOf } from '../../testing/store-contract/contract-bench.ts';
import { createTurnstile } from '../../testing/turnstile.ts';
import type { FolderCalls } from './folder-calls.ts';
import { nodePath } from './folder-names.ts';
import { createFolderObjectStore } from './folder-object-store.ts';

const NAME = 'tenant-a/index/session-index.json';
const SEEDS = howOften(120, 4_000);
const CUT_SEEDS = howOften(360, 12_000);

function open(calls: FolderCalls, random: SeededRandom): ObjectStore {
  return createFolderObjectStore({
    root: '/nas',
    create: true,
    sameDisk: false,
    clock: createStillClock(),
    random,
    calls,
    platform: 'linux',
  });
}

/** A writer that adds its mark under compare-and-swap, a few times; gives what was acknowledged. */
async function addMarks(
  store: ObjectStore,
  writer: string,
  times: number,
  acknowledged: string[],
): Promise<void> {
  for (let n = 0; n < times;) {
    const got = okOf(await store.get(NAME));
    const before = got === null ? '' : new TextDecoder().decode(got.bytes);
    const mark = `${writer}${n}.`;
    const put = { ifGenerationMatch: got?.info.generation ?? '0', contentType: 'text/plain' };
    const written = await store.put(NAME, byteSourceOf(before + mark), put);
    if (!written.ok && written.error.code !== 'precondition') throw new Error(JSON.stringify(written.error));
    if (!written.ok) continue;
    acknowledged.push(mark);
    n++;
  }
}

/** A writer that replaces what is there without reading it, as a shard head is; gives the acknowledged bodies by generation. */
async function replaceBlindly(
  store: ObjectStore,
  writer: string,
  times: number,
  acknowledged: Map<string, string>,
): Promise<void> {
  for (let n = 0; n < times;) {
    const live = okOf(await store.head(NAME));
    const body = `${writer}${n}`.repeat(1 + n);
    const put = { ifGenerationMatch: live?.generation ?? '0', contentType: 'text/plain' };
    const written = await store.put(NAME, byteSourceOf(body), put);
    if (!written.ok && written.error.code !== 'precondition') throw new Error(JSON.stringify(written.error));
    if (!written.ok) continue;
    acknowledged.set(written.value.generation, body);
    n++;
  }
}

/** A reader that must only ever see whole states, and never go back. */
async function watch(store: ObjectStore, reads: number): Promise<void> {
  let last = '';
  for (let i = 0; i < reads; i++) {
    const got = okOf(await store.get(NAME));
    const text = got === null ? '' : new TextDecoder().decode(got.bytes);
    expect(text.startsWith(last), `${last} was followed by ${text}`).toBe(true);
    last = text;
    for (const info of okOf(await store.list('tenant-a/')).objects) expect(info.name).toBe(NAME);
  }
}

async function textOf(disk: PowerCutDisk, random: SeededRandom): Promise<string> {
  const got = okOf(await open(disk.calls, random).get(NAME));
  return got === null ? '' : new TextDecoder().decode(got.bytes);
}

/** Every acknowledged mark, once. */
function expectMarks(text: string, acknowledged: readonly string[], seed: number): void {
  for (const mark of acknowledged)
    expect(text.split(mark).length - 1, `${mark} in "${text}", seed ${seed}`).toBe(1);
}

describe('several machines on one folder, call by call in every order that the dice give', () => {
  it(`loses no update and shows no half one: ${SEEDS} seeds of 3 writers and 1 reader, one of them killed`, async () => {
    let [steps, kills] = [0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = createSeededRandom(seed);
      const disk = createPowerCutDisk();
      await disk.calls.mkdir('/nas');
      const turnstile = createTurnstile(random);
      const acknowledged: string[] = [];
      const actor = (name: string): ObjectStore => open(turnstile.through(name, disk.calls), random);
      const [victim, sleeper] = [random.pick(['a', 'b', 'c', 'nobody']), random.pick(['a', 'b', 'c', 'r'])];
      const [killAt, sleepAt, sleepFor] = [random.below(400), random.below(150), random.below(500)];
      await turnstile.run(
        [
          addMarks(actor('a'), 'a', 3, acknowledged),
          addMarks(actor('b'), 'b', 3, acknowledged),
          addMarks(actor('c'), 'c', 2, acknowledged),
          watch(actor('r'), 6),
        ],
        () => {
          if (turnstile.steps === sleepAt) turnstile.freeze(sleeper, sleepFor);
          if (turnstile.steps !== killAt) return;
          turnstile.kill(victim);
          kills++;
        },
      );
      steps += turnstile.steps;
      const text = await textOf(disk, random);
      expectMarks(text, acknowledged, seed);
      const visible = disk.files().filter((path) => !path.includes('.session-log-store'));
      expect(visible, `seed ${seed}`).toEqual(text === '' ? [] : [`/nas/${NAME}`]);
    }
    expect(steps).toBeGreaterThan(SEEDS * 300);
    expect(kills).toBeGreaterThan(SEEDS / 2);
  });

  it(`lets the highest generation stand when writers do not read: ${SEEDS} seeds of 3 writers, one asleep for a while`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = createSeededRandom(seed);
      const disk = createPowerCutDisk();
      await disk.calls.mkdir('/nas');
      const turnstile = createTurnstile(random);
      const acknowledged = new Map<string, string>();
      const sleeper = random.pick(['a', 'b', 'c']);
      const [sleepAt, sleepFor] = [random.below(120), random.below(400)];
      await turnstile.run(
        ['a', 'b', 'c'].map((name) =>
          replaceBlindly(open(turnstile.through(name, disk.calls), random), name, 3, acknowledged),
        ),
        () => {
          if (turnstile.steps === sleepAt) turnstile.freeze(sleeper, sleepFor);
        },
      );
      const last = [...acknowledged.keys()].sort((a, b) => Number(BigInt(a) - BigInt(b))).at(-1)!;
      expect(acknowledged.size).toBe(9);
      expect(await textOf(disk, random), `seed ${seed}`).toBe(acknowledged.get(last));
    }
  });

  it('lets a writer that wakes up before its last step spoil nothing, when the one after it died before tidying up', async () => {
    const random = createSeededRandom(1);
    const disk = createPowerCutDisk();
    await disk.calls.mkdir('/nas');
    let [arrive, wake]: (() => void)[] = [() => {}, () => {}];
    const [arrived, woken] = [
      new Promise<void>((done) => (arrive = done)),
      new Promise<void>((done) => (wake = done)),
    ];
    const sleeper = open(
      {
        ...disk.calls,
        rename: async (from, to) => {
          if (from.endsWith('.bytes')) {
            arrive?.();
            await woken;
          }
          await disk.calls.rename(from, to);
        },
      },
      random,
    );
    // It removes no slot, as one that is killed right after its own last step.
    const unlink = (path: string): Promise<void> =>
      path.includes('/objects/')
        ? Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
        : disk.calls.unlink(path);
    const second = open({ ...disk.calls, unlink }, random);
    const first = sleeper.put(NAME, byteSourceOf('first'), {
      ifGenerationMatch: '0',
      contentType: 'text/plain',
    });
    await arrived;
    const live = okOf(await second.head(NAME))!;
    // Nothing was read since, so nobody has helped the sleeper yet.
    okOf(
      await second.put(NAME, byteSourceOf('second'), {
        ifGenerationMatch: live.generation,
        contentType: 'text/plain',
      }),
    );
    wake?.();
    expect(okOf(await first).generation).toBe(live.generation);
    expect(await textOf(disk, random)).toBe('second');
  });

  it('keeps an object in folders that another machine has made, and died before syncing', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = createSeededRandom(seed);
      const disk = createPowerCutDisk();
      await disk.calls.mkdir('/nas');
      await syncRoot(disk.calls);
      for (const path of foldersAbove(nodePath('/nas', NAME))) await disk.calls.mkdir(path);
      await addMarks(open(disk.calls, random), 'a', 1, []);
      const after = disk.cut(random);
      const listed = okOf(await open(after.calls, random).list('tenant-a/')).objects;
      expect(listed, `seed ${seed}`).toHaveLength(1);
    }
  });

  it(`keeps what was acknowledged through ${CUT_SEEDS} power cuts at any call, with unsynced bytes and names lost at random`, async () => {
    let cuts = 0;
    for (let seed = 1; seed <= CUT_SEEDS; seed++) {
      const random = createSeededRandom(seed);
      const disk = createPowerCutDisk();
      await disk.calls.mkdir('/nas');
      await syncRoot(disk.calls);
      const turnstile = createTurnstile(random);
      const acknowledged: string[] = [];
      const cutAt = 20 + random.below(260);
      const sleeper = random.pick(['a', 'b']);
      const [sleepAt, sleepFor] = [random.below(150), random.below(200)];
      let after: PowerCutDisk | null = null;
      let promised: readonly string[] = [];
      await turnstile.run(
        ['a', 'b'].map((name) =>
          addMarks(open(turnstile.through(name, disk.calls), random), name, 2, acknowledged),
        ),
        () => {
          if (turnstile.steps === sleepAt) turnstile.freeze(sleeper, sleepFor);
          if (turnstile.steps !== cutAt) return;
          after = disk.cut(random);
          promised = [...acknowledged];
          for (const name of ['a', 'b']) turnstile.kill(name);
        },
      );
      if (after === null) continue;
      cuts++;
      // Listed before anything is read: reading may repair.
      const listed = okOf(await open((after as PowerCutDisk).calls, random).list('tenant-a/')).objects;
      if (promised.length > 0) expect(listed, `seed ${seed}`).toHaveLength(1);
      const text = await textOf(after, random);
      expectMarks(text, promised, seed);
      // And the store goes on.
      const more: string[] = [];
      await addMarks(open((after as PowerCutDisk).calls, random), 'z', 2, more);
      expectMarks(await textOf(after, random), [...promised, ...more], seed);
    }
    expect(cuts).toBeGreaterThan(CUT_SEEDS / 2);
  });
});

describe('one machine that writes many objects at once', () => {
  it(`keeps what was acknowledged through ${SEEDS} power cuts, though its writes share their syncs`, async () => {
    let [cuts, kept] = [0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = createSeededRandom(seed);
      const disk = createPowerCutDisk();
      await disk.calls.mkdir('/nas');
      await syncRoot(disk.calls);
      const turnstile = createTurnstile(random);
      const store = open(turnstile.through('a', disk.calls), random);
      const acknowledged = new Set<string>();
      const write = async (name: string): Promise<void> => {
        const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
        okOf(await store.put(name, byteSourceOf(`text of ${name}`), put));
        acknowledged.add(name);
      };
      const names = Array.from(
        { length: 8 },
        (_, at) => `tenant-a/machines/m/2026-0${1 + (at % 2)}/${at}.md`,
      );
      const cutAt = 60 + random.below(480);
      let after: PowerCutDisk | null = null;
      let promised: ReadonlySet<string> = new Set();
      await turnstile.run([runLimited(names, 4, undefined, write)], () => {
        if (turnstile.steps !== cutAt) return;
        after = disk.cut(random);
        promised = new Set(acknowledged);
        turnstile.kill('a');
      });
      if (after === null) continue;
      cuts++;
      kept += promised.size;
      const other = open((after as PowerCutDisk).calls, random);
      for (const name of names) {
        const got = okOf(await other.get(name));
        const text = got === null ? null : new TextDecoder().decode(got.bytes);
        expect([...(promised.has(name) ? [] : [null]), `text of ${name}`], `${name}, seed ${seed}`).toContain(
          text,
        );
        if (text === null)
          okOf(await other.put(name, byteSourceOf('later'), { ifGenerationMatch: '0', contentType: 'a/b' }));
      }
    }
    expect(cuts).toBeGreaterThan(SEEDS / 2);
    expect(kept).toBeGreaterThan(SEEDS / 2);
  });
});

/** The folders between the root and this path, without either. */
function foldersAbove(path: string): readonly string[] {
  const above = dirname(path);
  return above === '/nas' ? [] : [...foldersAbove(above), above];
}

async function syncRoot(calls: FolderCalls): Promise<void> {
  const fd = await calls.open('/', 0, 0);
  await calls.fsync(fd);
  await calls.close(fd);
}

describe('the harness itself', () => {
  it('stops a killed actor at its next call', async () => {
    const turnstile = createTurnstile(createSeededRandom(1));
    const calls = turnstile.through('a', { step: async () => 'made' });
    turnstile.kill('a');
    await expect(calls.step()).rejects.toThrow(Killed);
  });
});
