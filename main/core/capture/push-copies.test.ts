import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, unwrap } from '../../../shared/result.ts';
import { Killed } from '../../testing/failing-calls.ts';
import { withCopies, type CopiesMachine } from '../../testing/stored-copies-world.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { copiesLedgerPath, isStored, openCopiesLedger } from './copies-ledger.ts';
import { copiesHere } from './copies-here.ts';
import { createSessionCopies } from './session-copies.ts';
import { storedPieces } from './stored-copies.ts';

const PREFIX = 'tenant-team/transcripts/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa/';
let world: TestWorld;
let mine: CopiesMachine;
beforeEach(() => {
  world = createTestWorld();
  mine = withCopies(world.machine('a'));
});
afterEach(() => world.end());

const stored = (): readonly string[] =>
  [...world.bucket.objects.keys()]
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .sort();
const calls = (operation: string): number =>
  mine.machine.calls.filter((call) => call.operation === operation).length;

/** Sessions of which the ledger says that the store has all. */
async function safe(): Promise<readonly string[]> {
  const { deps } = mine;
  const { rows } = unwrap(await openCopiesLedger(deps.files, copiesLedgerPath(deps)));
  return unwrap(await copiesHere(deps.files, deps.paths.transcripts))
    .filter(({ place, record }) => isStored(rows.get(`${place.agent}/${place.month}/${place.id}`), record))
    .map(({ place }) => place.id);
}

/** Each piece in the store is byte for byte the one on the disk, made once. */
async function expectAll(place = mine.place('s-1')): Promise<void> {
  const found = unwrap(await storedPieces(mine.deps, place, {}));
  expect(found.map(({ record }) => record.piece)).toEqual([...mine.pieces(place)].sort());
  for (const { record, info, isDamaged } of found) {
    expect(isDamaged).toBe(false);
    expect(Buffer.from(world.bucket.objects.get(info.name)!.bytes)).toEqual(
      readFileSync(join(mine.folder(place), record.piece)),
    );
  }
}

describe('the copies that a push takes to the store', () => {
  it('are the pieces under tenant and machine, each once, and cost their growth alone', async () => {
    const place = mine.place('s-1');
    await mine.keep(place, 'one\n');
    expect(await mine.push()).toMatchObject({
      pushed: ['claude-code/2026-03/s-1'],
      pieces: 1,
      inStore: 1,
      waiting: 0,
    });
    expect(stored()).toEqual(['claude-code/2026-03/s-1/000001.gz']);
    await mine.keep(place, 'one\ntwo\n');
    mine.machine.calls.length = 0;
    expect(await mine.push()).toMatchObject({ pieces: 1, pushedTotal: 1, inStore: 1 });
    expect(calls('put')).toBe(1);
    await expectAll();
    expect(await safe()).toEqual(['s-1']);
  });

  it('ask the store for nothing when there is nothing new', async () => {
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.push();
    mine.machine.calls.length = 0;
    expect(await mine.push()).toMatchObject({ inStore: 1, pieces: 0, waiting: 0 });
    expect(mine.machine.calls).toEqual([]);
  });

  it('are looked for among those that were copied since, and among all where nobody knows', async () => {
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.keep(mine.place('s-2'), 'two\n');
    await mine.push();
    const { deps } = mine;
    const looked: string[] = [];
    const stat: typeof deps.files.stat = (path) => {
      if (path.endsWith('copy.jsonl')) looked.push(path.split('/').at(-2) ?? '');
      return deps.files.stat(path);
    };
    const watched = { ...deps, files: { ...deps.files, stat } };
    await mine.push(watched);
    expect(looked).toEqual([]);
    await mine.keep(mine.place('s-3'), 'three\n');
    expect(await mine.push(watched)).toMatchObject({ pieces: 1, inStore: 3 });
    expect(looked).toEqual(['s-3']);
    await mine.keep(mine.place('s-4'), 'four\n');
    mine.lose('transcripts/copied.txt');
    looked.length = 0;
    expect(await mine.push(watched)).toMatchObject({ pieces: 1, inStore: 4 });
    expect(looked.sort()).toEqual(['s-1', 's-2', 's-3', 's-4']);
  });

  it('are named by a trial run, which changes nothing', async () => {
    await mine.keep(mine.place('s-2', '2026-04'), 'two\n');
    await mine.keep(mine.place('s-1'), 'one\n');
    const { report } = await createSessionCopies(mine.deps).push({ dryRun: true }, async () => {
      throw new Error('claimed');
    });
    expect(report).toMatchObject({
      pushed: ['claude-code/2026-03/s-1', 'claude-code/2026-04/s-2'],
      pushedTotal: 2,
      waiting: 2,
      pieces: 0,
    });
    expect(mine.machine.calls).toEqual([]);
  });

  it.each(['never', 'in-the-clear'] as const)(
    'are none while nobody has said that they may leave (%s)',
    async (why) => {
      await mine.keep(mine.place('s-1'), 'one\n');
      mine.why = why;
      expect(await mine.push()).toMatchObject({ why, waiting: 0, pieces: 0 });
      const dry = await createSessionCopies(mine.deps).push({ dryRun: true }, async () => ok(undefined));
      expect(dry.report).toMatchObject({ why, stay: 1, waiting: 0, inStore: 0, pushed: [] });
      expect(mine.machine.calls).toEqual([]);
    },
  );

  it('are not those of sessions that stay here', async () => {
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.keep(mine.place('s-2'), 'two\n');
    mine.stay = ({ id }) => id === 's-1';
    expect(await mine.push()).toMatchObject({ stay: 1, waiting: 0, inStore: 1 });
    expect(stored().join()).not.toContain('s-1');
  });

  it('are sent again by nobody who has lost what was remembered', async () => {
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.keep(mine.place('s-2'), 'two\n');
    await mine.push();
    mine.lose('state');
    mine.machine.calls.length = 0;
    expect(await mine.push()).toMatchObject({ pieces: 0, inStore: 2, waiting: 0 });
    expect(calls('put')).toBe(0);
    expect(calls('list')).toBe(1);
    expect(await safe()).toEqual(['s-1', 's-2']);
  });

  it('go on under another name where a backup of the data folder has made other pieces of a number', async () => {
    const place = mine.place('s-1');
    await mine.keep(place, 'one\n');
    await mine.push();
    mine.lose('.');
    await mine.keep(place, 'another one\n');
    await mine.push();
    expect(stored()).toEqual(['claude-code/2026-03/s-1/000001-1.gz', 'claude-code/2026-03/s-1/000001.gz']);
    expect(await safe()).toEqual(['s-1']);
  });

  it('say of a piece that rotted on this disk that it was not pushed, and push the others', async () => {
    const place = mine.place('s-1');
    await mine.keep(place, 'one\n');
    await mine.keep(mine.place('s-2'), 'two\n');
    writeFileSync(join(mine.folder(place), '000001.gz'), 'rotten');
    const { report, problem } = await createSessionCopies(mine.deps).push({}, async () => ok(undefined));
    expect(report).toMatchObject({ inStore: 1, waiting: 1, failedTotal: 1 });
    expect(problem).toMatchObject({ code: 'partial' });
    expect(problem?.message).toContain('000001.gz');
    expect(stored()).toEqual(['claude-code/2026-03/s-2/000001.gz']);
  });

  it('go piece by piece, however long a session is', async () => {
    const place = mine.place('s-1');
    await mine.keep(place, 'word '.repeat(1_800_000));
    expect(await mine.push()).toMatchObject({ pieces: 3, pushedTotal: 1 });
    await expectAll();
  });

  it('stay unsaid where a line of the ledger is torn', async () => {
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.keep(mine.place('s-2'), 'two\n');
    await mine.push();
    const ledger = copiesLedgerPath(mine.deps);
    writeFileSync(ledger, readFileSync(ledger, 'utf8').slice(0, -8));
    appendFileSync(ledger, '');
    expect(await safe()).toHaveLength(1);
    mine.machine.calls.length = 0;
    expect(await mine.push()).toMatchObject({ pieces: 0, inStore: 2 });
    expect(await safe()).toEqual(['s-1', 's-2']);
  });
});

describe('a push of copies that is struck', () => {
  /** Two sessions, one of two pieces. */
  async function begin(): Promise<void> {
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.keep(mine.place('s-1'), 'one\nmore\n');
    await mine.keep(mine.place('s-2'), 'two\n');
  }

  it.each(['before', 'after'] as const)(
    'is finished by the next one, wherever it was killed (%s)',
    async (when) => {
      for (let at = 1; ; at++) {
        await world.end();
        world = createTestWorld();
        mine = withCopies(world.machine('a'));
        await begin();
        const struck = mine.struck(at, { kind: 'kill', when });
        const died = await mine.push(struck.deps).catch((thrown: unknown) => thrown);
        if (struck.changes() < at) break;
        expect(died).toBeInstanceOf(Killed);
        // What it said is safe is there.
        for (const id of await safe()) await expectAll(mine.place(id));
        await mine.push();
        for (const id of ['s-1', 's-2']) await expectAll(mine.place(id));
        expect(await safe()).toEqual(['s-1', 's-2']);
        expect(stored()).toHaveLength(3);
      }
    },
  );

  it('ends with what the store says where it is out of reach, and goes on', async () => {
    await begin();
    mine.machine.fault = ({ operation, number }) =>
      operation === 'put' && number > 2 ? { kind: 'fail', code: 'offline', when: 'before' } : null;
    const { problem } = await createSessionCopies(mine.deps).push({}, async () => ok(undefined));
    expect(problem?.code).toBe('offline');
    mine.machine.fault = null;
    await mine.push();
    await expectAll();
  });

  it('takes a lost reply for what it is', async () => {
    await begin();
    mine.machine.fault = ({ operation }) =>
      operation === 'put' ? { kind: 'fail', code: 'server', when: 'after' } : null;
    await createSessionCopies(mine.deps).push({}, async () => ok(undefined));
    mine.machine.fault = null;
    await mine.push();
    await expectAll();
    expect(stored()).toHaveLength(3);
  });
});
