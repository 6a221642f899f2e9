import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { ok, unwrap } from '../../../shared/result.ts';
import { claudePath, createCaptureWorld, type CaptureWorld } from '../../testing/capture-world.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { claudeWriter } from '../../testing/transcripts/write-claude-code.ts';
import { createSessionCopies } from '../capture/session-copies.ts';
import { push } from './push.ts';
import { conversationPlaces, outlineConversation, readConversation } from './read-conversation.ts';
import { restoreAll } from './restore.ts';
import { restoreTranscript } from './restore-transcript.ts';
import { sweepSessions } from './sweep-sessions.ts';

let store: TestWorld;
let world: CaptureWorld;
let machine: TestMachine;
beforeEach(() => {
  store = createTestWorld();
  [world, machine] = onDisk();
});
afterEach(async () => {
  world.end();
  await store.end();
});

const idOf = (n: number): string => `6f9a1c1e-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ID = idOf(1);
const KEY = { agent: 'claude-code', id: ID } as const;

/** A computer with this machine's identity, and nothing else on it. */
function onDisk(): [CaptureWorld, TestMachine] {
  const fresh = createCaptureWorld();
  const install = store.machine('a', { home: fresh.home, nonce: 'one' });
  const rules = { why: async () => ok(null), staying: async () => ok(() => false) };
  fresh.sync = {
    ...install.deps,
    copies: createSessionCopies({ ...install.deps, paths: install.paths, rules }),
  };
  return [fresh, install];
}

function session(id = ID, seed = 1): string {
  const writer = claudeWriter(createSeededRandom(seed), '2.1.284', { session: id, cwd: '/home/ada/harbour' });
  writer.prompt('Fix the lookup of internal names.');
  writer.edit('/home/ada/harbour/src/resolve.ts', 'old', 'new');
  writer.prompt('Write a test for it.');
  writer.reply('Done.');
  return writer.text();
}

const pushAll = async () => unwrap(await push({ ...machine.base, sync: world.sync! })).report;
const bringBack = async (dryRun = false) =>
  unwrap(await restoreAll({ ...machine.base, sync: world.sync! }, { dryRun })).report.copies;
const copyFolder = (id = ID): string => {
  const months = join(world.home, 'transcripts/claude-code');
  return join(months, readdirSync(months)[0]!, id);
};
const dropPieces = (id = ID): void => {
  for (const name of readdirSync(copyFolder(id)))
    if (name.endsWith('.gz')) rmSync(join(copyFolder(id), name));
};

describe('a session whose copy is in the store', () => {
  beforeEach(async () => {
    world.put(claudePath(ID), session(), 60 * 24 * 25);
    await world.sweep();
  });

  it('is listed so from the ledger alone, until it goes on', async () => {
    expect((await world.list()).rows).toMatchObject([{ copy: 'whole', inStore: false }]);
    await pushAll();
    machine.calls.length = 0;
    const { rows, sums } = await world.list();
    expect(rows).toMatchObject([{ copy: 'whole', inStore: true }]);
    expect(sums).toMatchObject({ due: 1, dueInStore: 1, dueOnlyThere: 0, inStore: 1 });
    world.put(claudePath(ID), `${session()}${session(ID, 2)}`);
    expect((await world.list()).rows).toMatchObject([{ copy: 'behind', inStore: false }]);
    await world.sweep();
    expect((await world.list()).rows).toMatchObject([{ copy: 'whole', inStore: false }]);
    expect(machine.calls).toEqual([]);
    await pushAll();
    expect((await world.list()).rows).toMatchObject([{ copy: 'whole', inStore: true }]);
  });

  it('is put back for its agent where neither has it on this disk', async () => {
    const was = world.read(claudePath(ID));
    await pushAll();
    dropPieces();
    world.remove(claudePath(ID));
    expect(unwrap(await restoreTranscript(world.deps, KEY))).toMatchObject([{ action: 'restored' }]);
    expect(world.read(claudePath(ID))).toBe(was);
  });

  it('opens as a conversation where it is only there', async () => {
    await pushAll();
    dropPieces();
    world.remove(claudePath(ID));
    const page = unwrap(
      await readConversation(world.deps, conversationPlaces(), { ...KEY, from: 0, limit: 100 }),
    );
    expect(page.from).toBe('copy');
    expect(JSON.stringify(page.events)).toContain('Fix the lookup of internal names.');
  });

  it('says that the store is out of reach where it needs it', async () => {
    await pushAll();
    dropPieces();
    world.remove(claudePath(ID));
    machine.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    const result = await restoreTranscript(world.deps, KEY);
    expect(result.ok ? null : result.error.code).toBe('offline');
    machine.fault = null;
    unwrap(await restoreTranscript(world.deps, KEY));
  });

  it.each([
    ['the store', () => world.remove(claudePath(ID))],
    [
      'the agent’s own file',
      () => (machine.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' })),
    ],
  ])('has a piece that rotted here healed from %s', async (_, lose) => {
    await pushAll();
    const was = world.read(claudePath(ID));
    writeFileSync(join(copyFolder(), '000001.gz'), 'rotten');
    lose();
    unwrap(await restoreTranscript(world.deps, KEY));
    expect(world.read(claudePath(ID))).toBe(was);
  });

  it('is read all the same where a piece of it rotted', async () => {
    await pushAll();
    world.remove(claudePath(ID));
    writeFileSync(join(copyFolder(), '000001.gz'), 'rotten');
    const { prompts } = unwrap(await outlineConversation(world.deps, conversationPlaces(), KEY));
    expect(prompts).toHaveLength(2);
  });

  it.each([
    ['cut', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 9)],
    ['another', () => new TextEncoder().encode('other bytes')],
  ])('is not taken from an object that is %s, and nothing is written', async (_, change) => {
    await pushAll();
    dropPieces();
    world.remove(claudePath(ID));
    const [name, object] = [...store.bucket.objects].find(([one]) => one.includes('/transcripts/'))!;
    const bytes = change(object.bytes);
    const crc = crc32cToBase64(crc32c(bytes));
    store.bucket.plant(name, bytes, { crc32c: crc, metadata: object.info.metadata });
    const result = await restoreTranscript(world.deps, KEY);
    expect(result.ok ? null : result.error.code).toBe('corrupt');
    expect(readdirSync(copyFolder())).toEqual(['copy.jsonl']);
    expect(() => world.read(claudePath(ID))).toThrow();
  });

  it('is never put over a file that is newer', async () => {
    await pushAll();
    dropPieces();
    world.put(claudePath(ID), 'newer\n', 0);
    const result = await restoreTranscript(world.deps, KEY);
    expect(result.ok ? null : result.error.code).toBe('precondition');
    expect(world.read(claudePath(ID))).toBe('newer\n');
  });
});

describe('a new disk', () => {
  it('has all copies again after a restore of all, and lists their sessions as they were', async () => {
    for (const n of [1, 2, 3]) world.put(claudePath(idOf(n)), session(idOf(n), n));
    await world.sweep();
    await pushAll();
    const was = new Map((await world.list()).rows.map(({ id, title }) => [id, title]));
    const texts = [1, 2, 3].map((n) => world.read(claudePath(idOf(n))));
    world.end();
    [world, machine] = onDisk();
    expect(await bringBack(true)).toMatchObject({ restored: 3, left: 0 });
    expect((await world.list()).rows).toEqual([]);
    expect(await bringBack()).toMatchObject({ restored: 3, left: 0, failedTotal: 0, strangers: [] });
    expect(await bringBack()).toMatchObject({ restored: 0 });
    const { rows } = await world.list();
    expect(new Map(rows.map(({ id, title }) => [id, title]))).toEqual(was);
    expect(rows).toMatchObject(
      [1, 2, 3].map(() => ({
        copy: 'whole',
        inStore: true,
        log: 'captured',
        countdown: { state: 'gone' },
      })),
    );
    for (const n of [1, 2, 3]) {
      unwrap(await restoreTranscript(world.deps, { agent: 'claude-code', id: idOf(n) }));
      expect(world.read(claudePath(idOf(n)))).toBe(texts[n - 1]);
    }
    machine.calls.length = 0;
    expect((await pushAll()).copies).toMatchObject({ pieces: 0, inStore: 3 });
    expect(machine.calls.filter(({ name }) => name.includes('/transcripts/'))).toEqual([]);
  });

  it('takes one session by its id without anything else', async () => {
    world.put(claudePath(ID), session());
    await world.sweep();
    await pushAll();
    const was = world.read(claudePath(ID));
    world.end();
    [world, machine] = onDisk();
    unwrap(await restoreTranscript(world.deps, KEY));
    expect(world.read(claudePath(ID))).toBe(was);
  });

  it('leaves what another writer has put there', async () => {
    world.put(claudePath(ID), session());
    await world.sweep();
    await pushAll();
    world.end();
    const fresh = createCaptureWorld();
    machine = store.machine('a', { home: fresh.home, nonce: 'another' });
    const rules = { why: async () => ok(null), staying: async () => ok(() => false) };
    fresh.sync = {
      ...machine.deps,
      copies: createSessionCopies({ ...machine.deps, paths: machine.paths, rules }),
    };
    world = fresh;
    const writers = new Set(['somebody']);
    const report = unwrap(await fresh.sync.copies!.restore({ writers, room: 1e9 }));
    expect(report.restored).toBe(0);
    expect(report.strangers.join()).toContain(ID);
  });
});

describe('the room for copies on this disk (capture.diskLimit)', () => {
  /** Three sessions, the first the oldest, and room for about that many bytes more. */
  async function three(): Promise<number> {
    for (const n of [1, 2, 3]) world.put(claudePath(idOf(n)), session(idOf(n), n), 10_000 - n);
    await world.sweep();
    return (await world.list()).sums.copyBytes;
  }
  const limitTo = (bytes: number): void => {
    world.capture = { ...world.capture, diskLimit: bytes / 1e9 };
  };
  const gz = (n: number): number =>
    readdirSync(copyFolder(idOf(n))).filter((name) => name.endsWith('.gz')).length;

  it('is made by the oldest sessions that are safe in the store, which stay listed and come back', async () => {
    const all = await three();
    await pushAll();
    limitTo(all);
    expect((await world.sweep()).room).toMatchObject({ dropped: 1, onlyHere: [] });
    expect([1, 2, 3].map(gz)).toEqual([0, 1, 1]);
    const { rows, sums } = await world.list();
    const oldest = rows.at(-1)?.id;
    expect(oldest).toBe(ID);
    for (const { id, copy, inStore } of rows)
      expect([copy, inStore]).toEqual([id === oldest ? 'none' : 'whole', true]);
    expect(sums.copyBytes).toBeLessThan(all);
    const was = world.read(claudePath(ID));
    world.remove(claudePath(ID));
    unwrap(await restoreTranscript(world.deps, KEY));
    expect(world.read(claudePath(ID))).toBe(was);
    expect((await world.list()).sums.copyBytes).toBe(all);
    // What is pushed next asks for none of the pieces that are there alone.
    expect((await pushAll()).copies).toMatchObject({ pieces: 0, waiting: 0, failedTotal: 0 });
  });

  it('is never made by one that is nowhere else, and those are named', async () => {
    await three();
    limitTo(1);
    const { report, problem } = unwrap(await sweepSessions(world.deps, { sessions: 'all', asked: false }));
    expect(report.room).toMatchObject({ dropped: 0, onlyHereTotal: 3 });
    expect(report.room.onlyHere).toHaveLength(3);
    expect(problem?.message).toContain('3 sessions of it nowhere else');
    expect([1, 2, 3].map(gz)).toEqual([1, 1, 1]);
  });

  it('is not made by what the ledger believes and the store has lost or damaged', async () => {
    await three();
    await pushAll();
    const names = [...store.bucket.objects.keys()].filter((one) => one.includes('/transcripts/')).sort();
    store.bucket.remove(names[0]!);
    const bytes = new TextEncoder().encode('x');
    const { metadata } = store.bucket.objects.get(names[1]!)!.info;
    store.bucket.plant(names[1]!, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata });
    limitTo(1);
    const { report } = unwrap(await sweepSessions(world.deps, { sessions: 'all', asked: false }));
    expect(report.room).toMatchObject({ dropped: 1, onlyHereTotal: 2 });
    expect([1, 2, 3].map(gz)).toEqual([1, 1, 0]);
  });

  it('is not made while the store cannot be asked', async () => {
    const all = await three();
    await pushAll();
    limitTo(all);
    machine.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    const { problem } = unwrap(await sweepSessions(world.deps, { sessions: 'all', asked: false }));
    expect(problem?.code).toBe('attention');
    expect([1, 2, 3].map(gz)).toEqual([1, 1, 1]);
  });

  it('lets a session that lost its pieces go on, and costs its growth alone', async () => {
    const all = await three();
    await pushAll();
    limitTo(all);
    await world.sweep();
    limitTo(all * 10);
    const more = `${world.read(claudePath(ID))}${session(ID, 9)}`;
    world.put(claudePath(ID), more);
    expect((await world.sweep()).copiedBytes).toBe(session(ID, 9).length);
    await pushAll();
    world.remove(claudePath(ID));
    unwrap(await restoreTranscript(world.deps, KEY));
    expect(world.read(claudePath(ID))).toBe(more);
  });
});
