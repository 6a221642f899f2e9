import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { readSyncJournal } from '../status/sync-journal.ts';
import { push } from '../sync/push.ts';
import { fullSync } from './full-sync.ts';
import { problemOf } from './outcome.ts';
import { pullIndex } from './pull-index.ts';
import type { ReceivedNotes } from './receive-notes.ts';

const TODAY = new Date().toISOString().slice(0, 10);

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;
let told: ReceivedNotes[];
const options = { ...FOR_MIKE, onNotes: (notes: ReceivedNotes): void => void told.push(notes) };

beforeEach(async () => {
  told = [];
  world = createTestWorld();
  [a, b] = [world.machine('a'), world.machine('b')];
  await a.write(`${TODAY}-mara-news.md`, '# News\n\n## Note for mike\n\nThe build is green.\n');
  allDone(await push(a.deps));
});
afterEach(() => world.end());

const texts = (): readonly string[][] => told.map(({ unread }) => unread.map(({ text }) => text.trim()));

describe('pulling the index', () => {
  it('receives the notes in it, tells whoever asked, and records the run', async () => {
    expect(allDone(await pullIndex(b.base, options)).updated).toHaveLength(1);
    expect(texts()).toEqual([['The build is green.']]);
    const { marks } = unwrap(await readSyncJournal(b.deps.files, b.paths.schedule, b.deps.store.url));
    expect([marks.index.success > 0, marks.push.success]).toEqual([true, 0]);
  });

  it('tells of a note until it is marked', async () => {
    allDone(await pullIndex(b.base, options));
    allDone(await pullIndex(b.base, options));
    const [, second] = told;
    if (second === undefined) throw new Error('nobody was told');
    const hashes = second.unread.map(({ hash }) => hash);
    unwrap(await second.mark(hashes, 'read'));
    allDone(await pullIndex(b.base, options));
    expect(texts()).toEqual([['The build is green.'], ['The build is green.'], []]);
    expect(told[2]?.inbox).toMatchObject([{ state: 'read' }]);
  });

  it('tells of notes that are there already when the store is out of reach', async () => {
    allDone(await pullIndex(b.base, FOR_MIKE));
    b.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    expect(problemOf(await pullIndex(b.base, options))?.code).toBe('offline');
    expect(texts()).toEqual([['The build is green.']]);
  });

  it('receives nothing in a trial run', async () => {
    allDone(await pullIndex(b.base, { ...options, dryRun: true }));
    expect(told).toEqual([]);
    expect(unwrap(await b.deps.files.read(b.paths.inbox))).toBeNull();
  });

  it('is no less of a success when nobody can say who reads, and the notes come with the next one', async () => {
    const folder = `${b.paths.home}/tree`;
    unwrap(await b.deps.files.makeFolder(`${folder}/.git`));
    unwrap(await b.deps.files.makeFolder(`${folder}/.claude`));
    unwrap(await b.deps.files.create(`${folder}/.claude/identity.json`, new TextEncoder().encode('{')));
    allDone(await pullIndex(b.base, { ...options, reader: { folder } }));
    expect(told).toEqual([]);
    allDone(await pullIndex(b.base, options));
    expect(texts()).toEqual([['The build is green.']]);
  });

  it('asks a folder where nobody is named for the user of the system', async () => {
    allDone(await pullIndex(b.base, { ...options, reader: { folder: b.paths.home } }));
    expect(told[0]?.reader).toEqual({ user: 'mike', fullName: null });
  });

  it('is part of a full sync, which receives the notes in the same way', async () => {
    allDone(await fullSync(b.base, options));
    expect(texts()).toEqual([['The build is green.']]);
    const { marks } = unwrap(await readSyncJournal(b.deps.files, b.paths.schedule, b.deps.store.url));
    expect([marks.full, marks.index, marks.push].every(({ success }) => success > 0)).toBe(true);
  });
});
