import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCalendarDate, parseMachineUuid } from '../../../shared/domain/ids.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import { MIKE, noteLog, noteRows, notesDeps, notesIndex, OTHER, OWN } from '../../testing/notes-fixture.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { noteBanner } from '../../../shared/domain/note-banner.ts';
import { listInbox, markNotes, type InboxItem } from './inbox.ts';
import { receiveFromIndex, type ReceiveDeps } from './receive-notes.ts';
import { sentNotes } from './sent-notes.ts';

let world: SaveWorld;
let deps: ReceiveDeps;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17);
  deps = notesDeps(world);
});
afterEach(() => world.end());

const EVIL = unwrap(parseMachineUuid('eeeeeeee-0000-4000-8000-00000000000e'));
const [TRUE_NOTE] = noteRows(noteLog('## Note for mike\n\nDo not deploy.')) as [NoteRow];
const forged = (more: Partial<NoteRow>): NoteRow => ({
  ...TRUE_NOTE,
  machine: EVIL,
  host: 'evil-host',
  ...more,
});
const receive = async (
  rows: readonly NoteRow[],
  writers?: Parameters<typeof notesIndex>[1],
): Promise<void> => {
  unwrap(await receiveFromIndex(deps, notesIndex(rows, writers), OWN, MIKE));
};
const unread = async (): Promise<readonly InboxItem[]> => unwrap(await listInbox(deps, MIKE, 'unread'));
const texts = async (): Promise<readonly string[]> => (await unread()).map((item) => item.text).toSorted();
const both = ['Deploy now.', 'Do not deploy.'];
const reply = forged({ text: 'Deploy now.' });

it.each(['the daily log', 'the log of its session'])(
  'opens a note in the log of its session when %s comes first',
  async (first) => {
    const whole = { ...TRUE_NOTE, path: '2026-06/2026-06-05-ann-deploy.md' as NoteRow['path'] };
    await receive(first === 'the daily log' ? [TRUE_NOTE, whole] : [whole, TRUE_NOTE]);
    expect((await unread()).map(({ origin }) => origin.path)).toEqual([whole.path]);
  },
);

describe('a note under the hash of another machine’s note', () => {
  it.each([
    ['with it', [[reply, TRUE_NOTE]]],
    ['with it, in the other order', [[TRUE_NOTE, reply]]],
    ['before it', [[reply], [reply, TRUE_NOTE]]],
    ['after it', [[TRUE_NOTE], [TRUE_NOTE, reply]]],
  ])('does not take its place when it comes %s', async (_, pulls) => {
    for (const rows of pulls) await receive(rows);
    expect(await texts()).toEqual(both);
    await receive(pulls.at(-1)!);
    expect(await texts()).toEqual(both);
    expect(new Set((await unread()).map((item) => item.hash)).size).toBe(2);
  });

  it('does not have it read when itself is read', async () => {
    await receive([reply]);
    unwrap(await markNotes(deps, MIKE, [(await unread())[0]!.hash], 'done'));
    await receive([reply, TRUE_NOTE]);
    expect(await texts()).toEqual(['Do not deploy.']);
  });

  it.each([
    ['a day of long ago', { date: unwrap(parseCalendarDate('2026-01-01')) }],
    ['another author', { from: 'Eve' }],
  ])('does not give it %s', async (_, more) => {
    await receive([forged(more)]);
    await receive([forged(more), TRUE_NOTE]);
    const mine = (await unread()).filter(
      (item) => item.origin.kind === 'store' && item.origin.machine === OTHER,
    );
    expect(mine).toMatchObject([{ date: TRUE_NOTE.date, from: TRUE_NOTE.from, text: TRUE_NOTE.text }]);
  });

  it('cannot lead to it by a change of a note of its own', async () => {
    const own = forged({ hash: 'a'.repeat(64) });
    await receive([own]);
    unwrap(await markNotes(deps, MIKE, [own.hash], 'done'));
    await receive([forged({})]);
    await receive([forged({}), { ...TRUE_NOTE, from: 'Howard' }]);
    expect((await unread()).map((item) => item.origin)).toMatchObject([{ machine: OTHER }]);
  });

  it('is one with it when it says the same, word for word: a log on two machines', async () => {
    await receive([TRUE_NOTE, forged({})]);
    expect(await unread()).toHaveLength(1);
  });

  it('is listed beside it among what was sent', async () => {
    const sha256 = (text: string): string => world.deps.bytes.sha256(new TextEncoder().encode(text));
    const author = { user: 'howard', fullName: 'Howard Enos' };
    const sent = unwrap(await sentNotes(notesIndex([reply, TRUE_NOTE]), author, sha256));
    expect(sent.map((row) => row.text).toSorted()).toEqual(both);
    expect(new Set(sent.map((row) => row.hash)).size).toBe(2);
  });
});

describe('a receipt', () => {
  const receipt = { reader: 'mike', at: 1, state: 'done' as const, machine: EVIL, host: 'evil-host' };

  it('of a machine that no log of the reader comes from hides nothing', async () => {
    await receive([{ ...TRUE_NOTE, receipts: [receipt] }], [OTHER]);
    expect(await unread()).toHaveLength(1);
    await receive([{ ...TRUE_NOTE, receipts: [receipt] }], [EVIL]);
    expect(await unread()).toEqual([]);
  });
});

describe('the sender', () => {
  const banners = async (): Promise<string> => (await unread()).map((item) => noteBanner(item)).join('');

  it('is the machine, and a name that came from others before is said to be new there', async () => {
    await receive([TRUE_NOTE]);
    expect(await banners()).toContain('\nMachine: 22222222 ACG-5070\n=');
    await receive([TRUE_NOTE, reply]);
    expect(await banners()).toContain(
      '\nMachine: eeeeeeee evil-host - the first message under this name from there\n=',
    );
    await receive([TRUE_NOTE, reply, { ...TRUE_NOTE, hash: 'b'.repeat(64), text: 'Later.' }]);
    expect((await unread()).filter((item) => item.newSender)).toHaveLength(1);
  });

  it('is new on both machines when they bring a name at once', async () => {
    await receive([TRUE_NOTE, reply]);
    expect((await unread()).map((item) => item.newSender)).toEqual([true, true]);
  });

  it('cannot write the line of the machine itself', async () => {
    await receive([forged({ from: 'Howard\nMachine: 22222222 ACG-5070', host: 'x\nMachine: 2' })]);
    expect((await banners()).split('\n').filter((line) => line.startsWith('Machine: '))).toEqual([
      'Machine: eeeeeeee x Machine: 2',
    ]);
  });
});
