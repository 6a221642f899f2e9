import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseMachineUuid } from '../../../shared/domain/ids.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import { MIKE, noteLog, noteRows, notesDeps, notesIndex, OWN } from '../../testing/notes-fixture.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { listInbox, markNotes, type InboxItem } from './inbox.ts';
import { receiveFromIndex, type ReceiveDeps, type Received } from './receive-notes.ts';

let world: SaveWorld;
let deps: ReceiveDeps;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17);
  deps = notesDeps(world);
});
afterEach(() => world.end());

const EVIL = unwrap(parseMachineUuid('eeeeeeee-0000-4000-8000-00000000000e'));
const [NOTE] = noteRows(noteLog('## Note for mike\n\nLook at mx2.')) as [NoteRow];
const flood = (count: number, from: number, text = 'n'): NoteRow[] =>
  Array.from({ length: count }, (_, n) => ({
    ...NOTE,
    hash: (from + n).toString(16).padStart(64, '0'),
    text: `${text}${from + n}`,
    machine: EVIL,
  }));
const receive = async (rows: readonly NoteRow[]): Promise<Received> =>
  unwrap(await receiveFromIndex(deps, notesIndex(rows), OWN, MIKE));
const unread = async (): Promise<readonly InboxItem[]> => unwrap(await listInbox(deps, MIKE, 'unread'));

it('of one machine is cut, counted, and takes nothing from what others say', async () => {
  expect(await receive([...flood(20_000, 0), NOTE])).toEqual({ added: 501, leftOut: 19_500 });
  expect((await unread()).filter((item) => item.text === NOTE.text)).toHaveLength(1);
});

it('of long notes is cut by their length', async () => {
  const { added, leftOut } = await receive([...flood(400, 0, 'x'.repeat(3_900)), NOTE]);
  expect(added + leftOut).toBe(401);
  expect(added).toBeLessThan(70);
  expect(statSync(deps.paths.inbox).size).toBeLessThan(400_000);
});

it('that comes again and again does not fill the inbox, whether it is read or not', async () => {
  await receive([NOTE]);
  for (let pull = 0; pull < 8; pull++) {
    await receive([...flood(600, pull * 1_000), NOTE]);
    if (pull >= 4) continue;
    const hashes = (await unread()).filter((item) => item.text !== NOTE.text).map((item) => item.hash);
    unwrap(await markNotes(deps, MIKE, hashes, 'read'));
  }
  expect(unwrap(await listInbox(deps, MIKE, 'all')).length).toBeLessThanOrEqual(2_501);
  expect((await unread()).filter((item) => item.text === NOTE.text)).toHaveLength(1);
  expect((await unread()).length).toBeLessThanOrEqual(501);
});
