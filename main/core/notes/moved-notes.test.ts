import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import { MIKE, noteLog, noteRows, notesDeps, notesIndex, OWN } from '../../testing/notes-fixture.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { listInbox, markNotes, type InboxItem } from './inbox.ts';
import { receiveFromIndex, type ReceiveDeps } from './receive-notes.ts';

let world: SaveWorld;
let deps: ReceiveDeps;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17);
  deps = notesDeps(world);
});
afterEach(() => world.end());

const TEXT = noteLog('## Note for mike\n\nLook at mx2.');
const [NOTE] = noteRows(TEXT);
const row = (hash: string, path: string): NoteRow => ({ ...NOTE!, hash, path: path as LogPath });
const receive = async (...rows: readonly NoteRow[]): Promise<number> =>
  unwrap(await receiveFromIndex(deps, notesIndex(rows), OWN, MIKE)).added;
const inbox = async (which: 'all' | 'unread'): Promise<readonly InboxItem[]> =>
  unwrap(await listInbox(deps, MIKE, which));
const read = async (): Promise<void> => {
  const notes = (await inbox('unread')).map((item) => item.hash);
  unwrap(await markNotes(deps, MIKE, notes, 'read'));
};

it('a note that comes again under another hash from the same log is the same note, and stays read', async () => {
  expect(await receive(row('a'.repeat(64), 'mail.md'))).toBe(1);
  await read();
  expect(await receive(row('b'.repeat(64), 'mail.md'))).toBe(0);
  expect(await inbox('unread')).toEqual([]);
  expect((await inbox('all')).map((item) => item.hash)).toEqual(['b'.repeat(64)]);
  const receipts = JSON.parse(readFileSync(deps.paths.receipts, 'utf8')) as readonly {
    readonly note: string;
  }[];
  expect(receipts.map((receipt) => receipt.note).sort()).toEqual(['a'.repeat(64), 'b'.repeat(64)]);
});

it('a log that was renamed to another day brings its note once', async () => {
  expect(await receive(row('a'.repeat(64), '2026-06-04-howard-mail.md'))).toBe(1);
  await read();
  expect(await receive(row('b'.repeat(64), '2026-06-05-howard-mail.md'))).toBe(0);
  expect(await inbox('unread')).toEqual([]);
});

it('equal notes of two logs that are both there are two', async () => {
  const first = row('a'.repeat(64), '2026-06-04-howard-mail.md');
  expect(await receive(first)).toBe(1);
  await read();
  expect(await receive(first, row('b'.repeat(64), '2026-06-05-howard-mail.md'))).toBe(1);
  expect(await inbox('unread')).toHaveLength(1);
});

it('a log that says the same twice, on two days, brings two', async () => {
  const first = row('a'.repeat(64), 'SESSION-LOG-2026-06-05.md');
  expect(await receive(first, row('b'.repeat(64), 'SESSION-LOG-2026-06-05.md'))).toBe(2);
});

it('a note to which something is added is one note, with what is new unread', async () => {
  const short = row('a'.repeat(64), 'mail.md');
  expect(await receive(short)).toBe(1);
  await read();
  const grown = { ...row('b'.repeat(64), 'mail.md'), text: `${short.text}\n\nAnd at mx3.` };
  expect(await receive(grown)).toBe(0);
  expect((await inbox('all')).map((item) => item.text)).toEqual([grown.text]);
  expect(await inbox('unread')).toHaveLength(1);
});
