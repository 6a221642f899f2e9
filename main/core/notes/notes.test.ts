import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteBanner } from '../../../shared/domain/note-banner.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { NOTE_TEXT_LIMIT } from '../../../shared/domain/log-entry.ts';
import { ok, unwrap } from '../../../shared/result.ts';
import {
  HOWARD,
  MIKE,
  noteLog,
  noteRows,
  notesDeps,
  notesIndex,
  OTHER,
  OWN,
} from '../../testing/notes-fixture.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { findNote, listInbox, markNotes, rememberListed, type InboxItem } from './inbox.ts';
import { addressedTo, findReader } from './reader.ts';
import { collectArrivedNotes } from './collect-arrived.ts';
import {
  notesOfLogs,
  receiveFromIndex,
  receiveNotes,
  type IncomingNote,
  type ReceiveDeps,
} from './receive-notes.ts';
import { sentNotes } from './sent-notes.ts';
import { readWholeNote } from './whole-note.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let world: SaveWorld;
let deps: ReceiveDeps;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17);
  deps = notesDeps(world);
});
afterEach(() => world.end());

const arrived = (text: string, path = 'session-logs/2026-06-05-howard-x.md'): readonly IncomingNote[] =>
  notesOfLogs(
    world.deps.bytes,
    world.workspace,
    [{ path, bytes: new TextEncoder().encode(text), committer: 'Howard' }],
    '2026-06-05' as CalendarDate,
  );
const unread = async (reader = MIKE): Promise<readonly InboxItem[]> =>
  unwrap(await listInbox(deps, reader, 'unread'));
const texts = (items: readonly { readonly text: string }[]): readonly string[] =>
  items.map((item) => item.text);
describe('whom a note means', () => {
  it.each([
    'mike',
    'MIKE',
    'Mike Swanson',
    'mike  swanson',
    'all',
    'ALL',
    'Mike and Howard',
    'howard, mike',
    'Howard & Mike',
    'howard/mike',
    'Howard, all',
  ])('%j means Mike', (to) => {
    expect(addressedTo(to, MIKE)).toBe(true);
  });
  it.each(['howard', 'mikey', 'Mike Swansong', 'mik', 'small', 'everyone but Mike', ''])(
    '%j does not',
    (to) => {
      expect(addressedTo(to, MIKE)).toBe(false);
    },
  );
  it('no empty full name is ever met', () => {
    expect(addressedTo('', { user: 'x', fullName: '' })).toBe(false);
  });

  it('the reader comes from the work tree, else the author of the data folder, else the system, never from a broken identity', async () => {
    const find = (cwd: string, workspaces: readonly string[] = [], author = DEFAULT_SETTINGS.author) =>
      findReader(world.deps.files, cwd, { workspaces, author, systemUser: 'root' });
    expect(unwrap(await find(join(world.workspace, '.claude')))).toEqual(MIKE);
    expect(unwrap(await find(world.home, [world.workspace]))).toEqual(MIKE);
    expect(unwrap(await find(world.home))).toEqual({ user: 'root', fullName: null });
    const eve = { user: 'eve', name: 'Eve Ng', email: '' };
    const isEve = { user: 'eve', fullName: 'Eve Ng' };
    expect(unwrap(await find(world.home, [world.workspace], eve))).toEqual(isEve);
    expect(unwrap(await find(world.workspace, [], eve))).toEqual(MIKE);
    const half = { ...eve, user: '' };
    expect(unwrap(await find(world.home, [], half))).toEqual({ user: 'root', fullName: null });
    world.write('.claude/identity.json', '{');
    expect(await find(world.workspace)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });
});

describe('the inbox', () => {
  it('takes notes for the reader out of what came by git, once', async () => {
    const incoming = arrived(
      noteLog('## Note for Mike\n\nOne.\n\n## Message for ALL\n\nTwo.\n\n## Note for Howard\n\nNot yours.'),
    );
    expect(unwrap(await receiveNotes(deps, MIKE, incoming))).toMatchObject({ added: 2 });
    expect(unwrap(await receiveNotes(deps, MIKE, incoming))).toMatchObject({ added: 0 });
    expect(texts(await unread()).toSorted()).toEqual(['One.', 'Two.']);
    expect((await unread())[0]).toMatchObject({
      from: 'Howard Enos',
      date: '2026-06-05',
      state: 'unread',
      since: null,
      origin: { kind: 'git', workspace: world.workspace },
    });
  });

  it('shows a note once per reader: marked after showing, across runs', async () => {
    unwrap(await receiveNotes(deps, MIKE, arrived(noteLog('## Message for all\n\nTwo.'))));
    unwrap(await receiveNotes(deps, HOWARD, arrived(noteLog('## Message for all\n\nTwo.', 'Eve (eve)'))));
    const [note] = await unread();
    expect(await unread()).toHaveLength(1);
    unwrap(await markNotes(deps, MIKE, [note!.hash], 'read'));
    expect(await unread()).toEqual([]);
    expect(texts(await unread(HOWARD))).toContain('Two.');
    expect(unwrap(await listInbox(deps, MIKE, 'all'))[0]).toMatchObject({ state: 'read', since: world.now });
  });

  it('writes one receipt a note and reader; done is not taken back', async () => {
    unwrap(await receiveNotes(deps, MIKE, arrived(noteLog('## Note for mike\n\nOne.'))));
    const { hash } = (await unread())[0]!;
    const receipts = () => JSON.parse(readFileSync(deps.paths.receipts, 'utf8')) as unknown;
    unwrap(await markNotes(deps, MIKE, [hash], 'read'));
    expect(receipts()).toEqual([{ note: hash, reader: 'mike', at: world.now, state: 'read' }]);
    const before = readFileSync(deps.paths.receipts);
    world.now! += 1_000;
    unwrap(await markNotes(deps, MIKE, [hash], 'read'));
    expect(readFileSync(deps.paths.receipts)).toEqual(before);
    unwrap(await markNotes(deps, MIKE, [hash], 'done'));
    unwrap(await markNotes(deps, MIKE, [hash], 'read'));
    expect(receipts()).toEqual([{ note: hash, reader: 'mike', at: world.now, state: 'done' }]);
  });

  it('knows the same note by git and by the store as one', async () => {
    unwrap(await receiveNotes(deps, MIKE, arrived(noteLog('## Note for Mike\n\nOne.'))));
    const daily = `## 2026-06-05T09:00:00Z - Session Entry\n\n**User:** Howard Enos (howard)\n**Machine:** ACG-5070\n**Log:** \`claudetools/session-logs/2026-06-05-howard-x.md\`\n\n### Note for Mike\n\nOne.\n`;
    expect(unwrap(await receiveFromIndex(deps, notesIndex(noteRows(daily)), OWN, MIKE))).toMatchObject({
      added: 0,
    });
  });

  it('is not hurt by readers and receivers at the same time', async () => {
    const notes = Array.from({ length: 12 }, (_, n) => arrived(noteLog(`## Note for mike\n\nNumber ${n}.`)));
    await Promise.all([
      ...notes.map((incoming) => receiveNotes(deps, MIKE, incoming)),
      ...notes.map(([note]) => markNotes(deps, MIKE, [note!.hash], 'read')),
    ]);
    expect(unwrap(await listInbox(deps, MIKE, 'all')).map((item) => item.state)).toEqual(
      Array.from({ length: 12 }, () => 'read'),
    );
  });

  it.each(['', '{', '[]', '{"schema":1,"since":"2026-06-05","notes":[{}],"listed":[],"doneElsewhere":[]}'])(
    'a file that holds %j is kept aside',
    async (content) => {
      mkdirSync(join(world.home, 'state'));
      writeFileSync(deps.paths.inbox, content);
      writeFileSync(deps.paths.receipts, content === '[]' ? '[{}]' : '[]');
      expect(await unread()).toEqual([]);
      unwrap(await receiveNotes(deps, MIKE, arrived(noteLog('## Note for mike\n\nOne.'))));
      expect(texts(await unread())).toEqual(['One.']);
      const kept = readdirSync(join(world.home, 'state')).filter((name) => name.includes('.damaged-'));
      expect(kept.toSorted().map((name) => name.replace(/-\d{4}-.*/, ''))).toEqual(
        content === '[]' ? ['inbox.json.damaged', 'receipts.json.damaged'] : ['inbox.json.damaged'],
      );
      expect(readFileSync(join(world.home, 'state', kept[0]!), 'utf8')).toBe(content);
    },
  );

  it('keeps every unread note when it is full, and drops read ones first', async () => {
    const many = arrived(
      noteLog(Array.from({ length: 900 }, (_, n) => `## Note for mike\n\nOld ${n}.\n`).join('\n')),
    );
    unwrap(await receiveNotes(deps, MIKE, many));
    unwrap(
      await markNotes(
        deps,
        MIKE,
        many.map((note) => note.hash),
        'read',
      ),
    );
    for (const batch of [1, 2])
      unwrap(
        await receiveNotes(
          deps,
          MIKE,
          arrived(
            noteLog(
              Array.from({ length: 900 }, (_, n) => `## Note for mike\n\nNew ${batch} ${n}.\n`).join('\n'),
            ),
          ),
        ),
      );
    expect(await unread()).toHaveLength(1_800);
    expect(unwrap(await listInbox(deps, MIKE, 'all'))).toHaveLength(2_000);
  });
});

describe('logs that a git sync brought', () => {
  const COMMIT = { hash: '1a2b3c4', author: 'Eve \u001b[2J' };

  const arrive = (before: string | null, after: string | null) =>
    collectArrivedNotes({ ...deps, bytes: world.deps.bytes }, MIKE, {
      tree: world.workspace,
      paths: ['session-logs/2026-06-05-howard-x.md'],
      read: async (_, at) => {
        const text = at === 'from' ? before : after;
        return ok(text === null ? null : new TextEncoder().encode(text));
      },
      commitOf: async () => COMMIT,
    });

  it('bring the notes that an older version did not have, and bring them again until they were shown', async () => {
    const [old, grown] = [
      noteLog('## Note for Mike\n\nOld.'),
      noteLog('## Note for Mike\n\nOld.\n\n## Note for Mike\n\nNew.'),
    ];
    expect(texts(unwrap(await arrive(old, grown)))).toEqual(['New.']);
    const [note] = unwrap(await arrive(old, grown));
    expect(note).toMatchObject({
      from: 'Howard Enos',
      origin: { kind: 'git', workspace: world.workspace, commit: COMMIT },
    });
    // Whatever the log says, git tells who committed it.
    expect(noteBanner(note!)).toContain('\nCommit: 1a2b3c4 Eve <U+001B>[2J\n=');
    unwrap(await markNotes(deps, MIKE, [note!.hash], 'read'));
    expect(unwrap(await arrive(old, grown))).toEqual([]);
    expect(texts(unwrap(await arrive(null, grown)))).toEqual(['Old.']);
    expect(unwrap(await arrive(grown, null))).toEqual([]);
  });
});

describe('naming a note', () => {
  it('takes the number of the last listing or the start of the hash', async () => {
    unwrap(
      await receiveNotes(
        deps,
        MIKE,
        arrived(noteLog('## Note for mike\n\nOne.\n\n## Note for mike\n\nTwo.')),
      ),
    );
    const items = await unread();
    unwrap(await rememberListed(deps, items));
    unwrap(
      await markNotes(
        deps,
        MIKE,
        items.map((item) => item.hash),
        'read',
      ),
    );
    expect(unwrap(await findNote(deps, MIKE, '2')).text).toBe(items[1]!.text);
    expect(unwrap(await findNote(deps, MIKE, items[0]!.hash.slice(0, 8).toUpperCase())).text).toBe(
      items[0]!.text,
    );
    for (const name of ['0', '3', 'abc', 'ffff0000', '', '*'])
      expect(await findNote(deps, MIKE, name)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await findNote(deps, HOWARD, '1')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('a long note', () => {
  it('is cut in the inbox and whole in its log, from git or from the cache', async () => {
    const long = `${'word '.repeat(NOTE_TEXT_LIMIT)}end`;
    const text = noteLog(`## Note for mike\n\n${long}`);
    const path = 'session-logs/2026-06-05-howard-x.md';
    unwrap(await receiveNotes(deps, MIKE, arrived(text, path)));
    const [note] = await unread();
    expect(note).toMatchObject({ truncated: true });
    const cache = join(world.home, 'session-logs-cache');
    expect(await readWholeNote(world.deps, cache, note!)).toBeNull();
    world.write(path, text);
    expect(await readWholeNote(world.deps, cache, note!)).toBe(long);
    world.write(path, text.replace('end', 'another end'));
    expect(await readWholeNote(world.deps, cache, note!)).toBeNull();
    const stored = {
      ...note!,
      origin: { kind: 'store' as const, machine: OTHER, host: 'h', path: '2026-06-05-howard-x.md' },
    };
    mkdirSync(join(cache, OTHER), { recursive: true });
    writeFileSync(join(cache, OTHER, '2026-06-05-howard-x.md'), text);
    expect(await readWholeNote(world.deps, cache, stored)).toBe(long);
  });
});

describe('notes the reader sent', () => {
  it('come with everybody who has read them, once', async () => {
    const receipt = (reader: string, at: number) => ({
      reader,
      at,
      state: 'read' as const,
      machine: OTHER,
      host: 'ACG-5070',
    });
    const text = noteLog('## Note for all\n\nAll.', 'Mike Swanson (mike)');
    const found = [
      ...noteRows(text, { receipts: [receipt('howard', 5)] }),
      ...noteRows(text, { machine: OWN, receipts: [receipt('howard', 5), receipt('eve', 3)] }),
      ...noteRows(noteLog('## Note for mike\n\nNot mine.')),
    ];
    const sent = unwrap(await sentNotes(notesIndex(found), MIKE, sha256));
    expect(sent.map((row) => row.receipts.map((one) => one.reader))).toEqual([['eve', 'howard']]);
  });
});
