import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { unwrap } from '../../../shared/result.ts';
import { createFolderObjectStore } from '../../adapters/folder-store/folder-object-store.ts';
import { Killed } from '../../testing/failing-calls.ts';
import { withCopies, type CopiesMachine } from '../../testing/stored-copies-world.ts';
import { createTestWorld, FOR_MIKE, type TestWorld } from '../../testing/sync-world.ts';
import { doctor } from '../workflows/doctor.ts';
import { drillStore } from '../workflows/drill-store.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { verify } from '../workflows/verify.ts';
import { createSessionCopies } from './session-copies.ts';

let world: TestWorld;
let mine: CopiesMachine;
beforeEach(async () => {
  world = createTestWorld();
  mine = withCopies(world.machine('a'));
  await mine.keep(mine.place('s-1'), 'one\n');
  await mine.keep(mine.place('s-1'), 'one\nmore\n');
  await mine.keep(mine.place('s-2'), 'two\n');
});
afterEach(() => world.end());

const base = () => ({
  ...mine.machine.base,
  sync: { ...mine.machine.deps, copies: createSessionCopies(mine.deps) },
});
const check = async (options = {}) => unwrap(await createSessionCopies(mine.deps).check(options));
const piece = (name = '000001.gz', id = 's-1'): string => join(mine.folder(mine.place(id)), name);
const object = (name: string): string => [...world.bucket.objects.keys()].find((one) => one.endsWith(name))!;
const fine = { problems: [], problemsTotal: 0, waiting: 0, foreign: [] };

/** Changes an object as somebody with rights would. */
function tamper(name: string, bytes: string): void {
  const { info } = world.bucket.objects.get(object(name))!;
  const content = new TextEncoder().encode(bytes);
  world.bucket.plant(object(name), content, {
    crc32c: crc32cToBase64(crc32c(content)),
    metadata: info.metadata,
  });
}

describe('a look at the copies', () => {
  it('finds nothing wrong where nothing is, and says what is not in the store yet', async () => {
    expect(await check()).toMatchObject({ sessions: 2, pieces: 0, waiting: 2, problems: [] });
    await mine.push();
    expect(await check()).toMatchObject({ ...fine, sessions: 2, pieces: 3, fetched: 0 });
    expect(await check({ deep: true })).toMatchObject({ ...fine, pieces: 3, fetched: 3 });
  });

  it('is a part of the drill, which takes some of the pieces back', async () => {
    await mine.push();
    const drilled = async () => {
      const { deps, base: machine } = mine.machine;
      const sealing = { forgetful: () => deps.store } as never;
      const paths = { ...machine.paths, drill: join(machine.paths.state, 'drill.json') };
      return unwrap(await drillStore({ ...machine, sync: deps, sealing, paths }, 20));
    };
    expect(await drilled()).toMatchObject({
      report: { logs: 0, pieces: 3, piecesProved: 3, failed: [] },
      problem: null,
    });
    tamper('s-1/000002.gz', 'other');
    expect(await drilled()).toMatchObject({
      report: { pieces: 3, piecesProved: 2, failed: [{ name: object('s-1/000002.gz') }] },
      problem: { code: 'corrupt' },
    });
  });

  it('asks the store for nothing where no session was ever copied', async () => {
    mine.lose('.');
    expect(await check()).toMatchObject({ sessions: 0 });
    expect(mine.machine.calls).toEqual([]);
  });

  it.each([
    ['rotted here', () => writeFileSync(piece(), 'rotten'), 'damaged piece on this disk'],
    ['was cut in the store', () => tamper('s-1/000001.gz', 'x'), 'damaged piece in the store'],
    ['went from the store', () => world.bucket.remove(object('s-2/000001.gz')), 'no longer has all of it'],
    [
      'went from here and from the store',
      () => {
        rmSync(piece());
        world.bucket.remove(object('s-1/000001.gz'));
        rmSync(mine.transcript(mine.place('s-1')));
      },
      'has lost the piece 000001.gz',
    ],
    [
      'was lost as a whole',
      () => {
        mine.lose('transcripts/claude-code/2026-03/s-2');
        world.bucket.remove(object('s-2/000001.gz'));
      },
      'neither on this disk nor in the store',
    ],
  ])('names what %s, for `verify` and `doctor` too', async (_, damage, words) => {
    await mine.push();
    damage();
    const { problems } = await check();
    expect(problems.map(({ problem }) => problem).join()).toContain(words);
    const verified = unwrap(await verify(base(), {}));
    expect(verified.problem?.message).toContain(words);
    const { report } = await doctor(base(), []);
    expect(
      report
        .filter(({ level }) => level === 'problem')
        .map(({ finding }) => finding)
        .join(),
    ).toContain(words);
  });

  it('notices two objects that were exchanged, and a piece that is another’s', async () => {
    await mine.push();
    const [one, other] = [object('s-1/000001.gz'), object('s-2/000001.gz')].map((name) =>
      world.bucket.objects.get(name)!,
    );
    for (const [name, { bytes, info }] of [
      ['s-1/000001.gz', other!],
      ['s-2/000001.gz', one!],
    ] as const)
      world.bucket.plant(object(name), bytes, { crc32c: info.crc32c, metadata: info.metadata });
    expect((await check()).problemsTotal).toBe(2);
    await check({ repair: true });
    await mine.push();
    expect(await check({ deep: true })).toMatchObject(fine);
  });
});

describe('a full sync', () => {
  it.each([
    ['a piece that rotted here', () => writeFileSync(piece(), 'rotten')],
    [
      'a piece that rotted here after its agent has deleted it',
      () => {
        writeFileSync(piece(), 'rotten');
        rmSync(mine.transcript(mine.place('s-1')));
      },
    ],
    ['a piece that was cut in the store', () => tamper('s-1/000001.gz', 'x')],
    ['a piece that went from the store', () => world.bucket.remove(object('s-2/000001.gz'))],
    ['a record that is lost', () => rmSync(join(mine.folder(mine.place('s-2')), 'copy.jsonl'))],
    ['a folder that is lost', () => mine.lose('transcripts/claude-code/2026-03/s-1')],
  ])('sets right %s', async (_, damage) => {
    await mine.push();
    damage();
    const { report, problem } = unwrap(await fullSync(base(), FOR_MIKE));
    expect(problem).toBeNull();
    expect((report.copies?.healed ?? 0) + (report.push.copies?.pieces ?? 0)).toBeGreaterThan(0);
    expect(await check({ deep: true })).toMatchObject({ ...fine, sessions: 2, pieces: 3 });
  });

  it('reads the bytes of a store that is a folder', async () => {
    const folder = join(mine.machine.paths.home, 'store-folder');
    const { clock, random } = mine.machine.deps;
    const store = createFolderObjectStore({ root: folder, create: true, sameDisk: false, clock, random });
    mine = withCopies(world.machine('b', { store }));
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.push();
    const { uuid } = mine.machine.deps.self;
    writeFileSync(join(folder, `tenant-team/transcripts/${uuid}/claude-code/2026-03/s-1/000001.gz`), 'x');
    expect((await check({ deep: true })).problemsTotal).toBe(1);
    expect(unwrap(await fullSync(base(), FOR_MIKE)).report.copies).toMatchObject({ healed: 1, problems: [] });
    expect(await check({ deep: true })).toMatchObject(fine);
  });

  it('heals what it was killed at the next time', async () => {
    await mine.push();
    for (let at = 1; ; at++) {
      writeFileSync(piece(), 'rotten');
      tamper('s-2/000001.gz', 'x');
      const struck = mine.struck(at, { kind: 'kill', when: 'before' });
      const died = await createSessionCopies(struck.deps)
        .check({ repair: true })
        .catch((thrown: unknown) => thrown);
      const isOver = struck.changes() < at;
      if (!isOver) expect(died).toBeInstanceOf(Killed);
      expect((await check({ repair: true })).problems).toEqual([]);
      expect(await check({ deep: true })).toMatchObject(fine);
      if (isOver) break;
    }
  });
});
