import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { parseCalendarDate, parseMachineUuid, type LogPath } from '../../../shared/domain/ids.ts';
import { NOTE_TEXT_LIMIT } from '../../../shared/domain/log-entry.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { noteEntries, readLogText } from '../../../shared/domain/log-text.ts';
import { err, ok, unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { findNote, listInbox, markNotes, rememberListed, type InboxItem } from './inbox.ts';
import type { NotesDeps } from './inbox-file.ts';
import { addressedTo, findReader, type Reader } from './reader.ts';
import { collectArrivedNotes } from './collect-arrived.ts';
import { notesOfLogs, receiveFromIndex, receiveNotes, type IncomingNote } from './receive-notes.ts';
import { sentNotes } from './sent-notes.ts';
import { readWholeNote } from './whole-note.ts';

const mike: Reader = { user: 'mike', fullName: 'Mike Swanson' };
const howard: Reader = { user: 'howard', fullName: 'Howard Enos' };
const [own, other] = ['1', '2'].map((digit) =>
  unwrap(parseMachineUuid(`${digit.repeat(8)}-2222-3333-4444-555555555555`)),
);
const day = (text: string) => unwrap(parseCalendarDate(text));

let world: SaveWorld;
let deps: NotesDeps;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17);
  const state = join(world.home, 'state');
  deps = {
    ...world.deps,
    paths: {
      inbox: join(state, 'inbox.json'),
      receipts: join(state, 'receipts.json'),
      notesLock: join(state, 'notes.lock'),
    },
  };
});
afterEach(() => world.end());

const log = (notes: string, user = 'Howard Enos (howard)', machine = 'ACG-5070'): string =>
  `# Log\n\n## User\n\n- **User:** ${user}\n- **Machine:** ${machine}\n\n${notes}\n`;
const arrived = (text: string, path = 'session-logs/2026-06-05-howard-x.md'): readonly IncomingNote[] =>
  notesOfLogs(
    world.deps.bytes,
    world.workspace,
    [{ path, bytes: new TextEncoder().encode(text), committer: 'Howard' }],
    day('2026-06-05'),
  );
const unread = async (reader = mike): Promise<readonly InboxItem[]> =>
  unwrap(await listInbox(deps, reader, 'unread'));
const texts = (items: readonly { readonly text: string }[]): readonly string[] =>
  items.map((item) => item.text);
const rows = (text: string, more: Partial<NoteRow> = {}): NoteRow[] =>
  noteEntries(readLogText(text, 'SESSION-LOG-2026-06-05.md'), {
    machine: other!,
    date: day('2026-06-05'),
    fallbackFrom: 'host',
    sha256: (value) => world.deps.bytes.sha256(new TextEncoder().encode(value)),
  }).map((entry) => ({
    ...entry,
    machine: other!,
    host: 'ACG-5070',
    path: 'SESSION-LOG-2026-06-05.md' as LogPath,
    receipts: [],
    ...more,
  }));
let versions = 1;
/** An index at a version of its own, that counts how often its notes are read. */
const index = (found: readonly NoteRow[], version = versions++) => {
  const made = {
    reads: 0,
    version: async () => ok(version),
    notes: async () => {
      made.reads++;
      return ok(found);
    },
  };
  return made;
};

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
    expect(addressedTo(to, mike)).toBe(true);
  });
  it.each(['howard', 'mikey', 'Mike Swansong', 'mik', 'small', 'everyone but Mike', ''])(
    '%j does not',
    (to) => {
      expect(addressedTo(to, mike)).toBe(false);
    },
  );
  it('no empty full name is ever met', () => {
    expect(addressedTo('', { user: 'x', fullName: '' })).toBe(false);
  });

  it('the reader comes from the workspace, else from the system, never from a broken identity', async () => {
    const find = (cwd: string, registered: readonly string[] = []) =>
      findReader(world.deps.files, cwd, registered, 'root');
    expect(unwrap(await find(join(world.workspace, '.claude')))).toEqual(mike);
    expect(unwrap(await find(world.home, [world.workspace]))).toEqual(mike);
    expect(unwrap(await find(world.home))).toEqual({ user: 'root', fullName: null });
    world.write('.claude/identity.json', '{');
    expect(await find(world.workspace)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });
});

describe('the inbox', () => {
  it('takes notes for the reader out of what came by git, once', async () => {
    const incoming = arrived(
      log('## Note for Mike\n\nOne.\n\n## Message for ALL\n\nTwo.\n\n## Note for Howard\n\nNot yours.'),
    );
    expect(unwrap(await receiveNotes(deps, mike, incoming))).toEqual({ added: 2 });
    expect(unwrap(await receiveNotes(deps, mike, incoming))).toEqual({ added: 0 });
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
    unwrap(await receiveNotes(deps, mike, arrived(log('## Message for all\n\nTwo.'))));
    unwrap(await receiveNotes(deps, howard, arrived(log('## Message for all\n\nTwo.', 'Eve (eve)'))));
    const [note] = await unread();
    expect(await unread()).toHaveLength(1);
    unwrap(await markNotes(deps, mike, [note!.hash], 'read'));
    expect(await unread()).toEqual([]);
    expect(texts(await unread(howard))).toContain('Two.');
    expect(unwrap(await listInbox(deps, mike, 'all'))[0]).toMatchObject({ state: 'read', since: world.now });
  });

  it('writes one receipt a note and reader; done is not taken back', async () => {
    unwrap(await receiveNotes(deps, mike, arrived(log('## Note for mike\n\nOne.'))));
    const { hash } = (await unread())[0]!;
    const receipts = () => JSON.parse(readFileSync(deps.paths.receipts, 'utf8')) as unknown;
    unwrap(await markNotes(deps, mike, [hash], 'read'));
    expect(receipts()).toEqual([{ note: hash, reader: 'mike', at: world.now, state: 'read' }]);
    const before = readFileSync(deps.paths.receipts);
    world.now! += 1_000;
    unwrap(await markNotes(deps, mike, [hash], 'read'));
    expect(readFileSync(deps.paths.receipts)).toEqual(before);
    unwrap(await markNotes(deps, mike, [hash], 'done'));
    unwrap(await markNotes(deps, mike, [hash], 'read'));
    expect(receipts()).toEqual([{ note: hash, reader: 'mike', at: world.now, state: 'done' }]);
  });

  it('knows the same note by git and by the store as one', async () => {
    unwrap(await receiveNotes(deps, mike, arrived(log('## Note for Mike\n\nOne.'))));
    const daily = `## 2026-06-05T09:00:00Z - Session Entry\n\n**User:** Howard Enos (howard)\n**Machine:** ACG-5070\n**Log:** \`claudetools/session-logs/2026-06-05-howard-x.md\`\n\n### Note for Mike\n\nOne.\n`;
    expect(unwrap(await receiveFromIndex(deps, index(rows(daily)), own!, mike))).toEqual({ added: 0 });
  });

  it('leaves out what this machine or the reader said to all, but not a reminder to oneself', async () => {
    const text = log('## Note for all\n\nAll.\n\n## Note for mike\n\nMe.', 'Mike Swanson (mike)');
    expect(unwrap(await receiveFromIndex(deps, index(rows(text, { machine: own! })), own!, mike))).toEqual({
      added: 0,
    });
    expect(unwrap(await receiveFromIndex(deps, index(rows(text)), own!, mike))).toEqual({ added: 1 });
    expect(texts(await unread())).toEqual(['Me.']);
  });

  it('does not take one stranger for another whose name has the end of the first in it', async () => {
    const [first, second] = ['One.', 'Two.'].flatMap((text) => rows(log(`## Note for mike\n\n${text}`)));
    const all = [
      { ...first!, to: 'mike', from: 'a\nb' },
      { ...second!, to: 'mike\na', from: 'b' },
    ];
    expect(unwrap(await receiveFromIndex(deps, index(all), own!, mike))).toEqual({ added: 1 });
    expect(texts(await unread())).toEqual(['One.']);
  });

  it('does not shout years of history at a new machine, and forgets nothing that is new', async () => {
    const dated = (date: string): NoteRow[] =>
      rows(log(`## Note for mike\n\n${date}`)).map((row) => ({ ...row, date: day(date) }));
    const all = ['2024-01-01', '2025-12-01', '2026-05-10', '2026-06-05'].flatMap(dated);
    expect(unwrap(await receiveFromIndex(deps, index(all), own!, mike))).toEqual({ added: 3 });
    expect(texts(await unread())).toEqual(['2026-06-05', '2026-05-10']);
    expect(texts(unwrap(await listInbox(deps, mike, 'all')))).toEqual([
      '2026-06-05',
      '2026-05-10',
      '2025-12-01',
    ]);
  });

  it('does not ask again for what the reader finished on another machine', async () => {
    const receipt = { reader: 'mike', at: 1, machine: other!, host: 'ACG-5070' };
    const text = log('## Note for mike\n\nOne.');
    unwrap(
      await receiveFromIndex(
        deps,
        index(rows(text, { receipts: [{ ...receipt, state: 'read' }] })),
        own!,
        mike,
      ),
    );
    expect(await unread()).toHaveLength(1);
    unwrap(
      await receiveFromIndex(
        deps,
        index(rows(text, { receipts: [{ ...receipt, state: 'done' }] })),
        own!,
        mike,
      ),
    );
    expect(await unread()).toEqual([]);
    expect(() => readFileSync(deps.paths.receipts)).toThrow('ENOENT');
  });

  it('reads an index once, until it changes or somebody else asks', async () => {
    const first = index(rows(log('## Note for all\n\nOne.')));
    const receive = async (from: ReturnType<typeof index>, machine = own!, reader = mike): Promise<number> =>
      unwrap(await receiveFromIndex(deps, from, machine, reader)).added;
    expect([await receive(first), await receive(first)]).toEqual([1, 0]);
    expect(first.reads).toBe(1);
    const grown = index(rows(log('## Note for all\n\nOne.\n\n## Note for mike\n\nTwo.')));
    expect([await receive(grown), await receive(grown)]).toEqual([1, 0]);
    expect(grown.reads).toBe(1);
    await receive(grown, unwrap(parseMachineUuid('33333333-2222-3333-4444-555555555555')));
    await receive(grown, own, { ...mike, fullName: 'M. Swanson' });
    expect(grown.reads).toBe(3);
    writeFileSync(deps.paths.inbox, '{');
    expect(await receive(grown, own, { ...mike, fullName: 'M. Swanson' })).toBe(2);
    expect(texts(await unread()).toSorted()).toEqual(['One.', 'Two.']);
  });

  it('reads an index again when its notes could not be kept', async () => {
    const brought = index(rows(log('## Note for mike\n\nOne.')));
    const { files } = deps;
    const full = err(appError('disk-full', 'The disk is full.', 'Free some space.'));
    const failed = await receiveFromIndex(
      { ...deps, files: { ...files, replace: async () => full } },
      brought,
      own!,
      mike,
    );
    expect(failed).toEqual(full);
    expect(unwrap(await receiveFromIndex(deps, brought, own!, mike))).toEqual({ added: 1 });
  });

  it('is not hurt by readers and receivers at the same time', async () => {
    const notes = Array.from({ length: 12 }, (_, n) => arrived(log(`## Note for mike\n\nNumber ${n}.`)));
    await Promise.all([
      ...notes.map((incoming) => receiveNotes(deps, mike, incoming)),
      ...notes.map(([note]) => markNotes(deps, mike, [note!.hash], 'read')),
    ]);
    expect(unwrap(await listInbox(deps, mike, 'all')).map((item) => item.state)).toEqual(
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
      unwrap(await receiveNotes(deps, mike, arrived(log('## Note for mike\n\nOne.'))));
      expect(texts(await unread())).toEqual(['One.']);
      const kept = readdirSync(join(world.home, 'state')).filter((name) => name.includes('.corrupt-'));
      expect(kept.toSorted()).toEqual(
        content === '[]'
          ? [`inbox.json.corrupt-${world.now}`, `receipts.json.corrupt-${world.now}`]
          : [`inbox.json.corrupt-${world.now}`],
      );
      expect(readFileSync(join(world.home, 'state', kept[0]!), 'utf8')).toBe(content);
    },
  );

  it('keeps every unread note when it is full, and drops read ones first', async () => {
    const many = arrived(
      log(Array.from({ length: 900 }, (_, n) => `## Note for mike\n\nOld ${n}.\n`).join('\n')),
    );
    unwrap(await receiveNotes(deps, mike, many));
    unwrap(
      await markNotes(
        deps,
        mike,
        many.map((note) => note.hash),
        'read',
      ),
    );
    for (const batch of [1, 2])
      unwrap(
        await receiveNotes(
          deps,
          mike,
          arrived(
            log(Array.from({ length: 900 }, (_, n) => `## Note for mike\n\nNew ${batch} ${n}.\n`).join('\n')),
          ),
        ),
      );
    expect(await unread()).toHaveLength(1_800);
    expect(unwrap(await listInbox(deps, mike, 'all'))).toHaveLength(2_000);
  });
});

describe('logs that a git sync brought', () => {
  const arrive = (before: string | null, after: string | null) =>
    collectArrivedNotes({ ...deps, bytes: world.deps.bytes }, mike, {
      tree: world.workspace,
      paths: ['session-logs/2026-06-05-howard-x.md'],
      read: async (_, at) => {
        const text = at === 'from' ? before : after;
        return ok(text === null ? null : new TextEncoder().encode(text));
      },
    });

  it('bring the notes that an older version did not have, and bring them again until they were shown', async () => {
    const [old, grown] = [
      log('## Note for Mike\n\nOld.'),
      log('## Note for Mike\n\nOld.\n\n## Note for Mike\n\nNew.'),
    ];
    expect(texts(unwrap(await arrive(old, grown)))).toEqual(['New.']);
    const [note] = unwrap(await arrive(old, grown));
    expect(note).toMatchObject({ from: 'Howard Enos', origin: { kind: 'git', workspace: world.workspace } });
    unwrap(await markNotes(deps, mike, [note!.hash], 'read'));
    expect(unwrap(await arrive(old, grown))).toEqual([]);
    expect(texts(unwrap(await arrive(null, grown)))).toEqual(['Old.']);
    expect(unwrap(await arrive(grown, null))).toEqual([]);
  });
});

describe('naming a note', () => {
  it('takes the number of the last listing or the start of the hash', async () => {
    unwrap(
      await receiveNotes(deps, mike, arrived(log('## Note for mike\n\nOne.\n\n## Note for mike\n\nTwo.'))),
    );
    const items = await unread();
    unwrap(await rememberListed(deps, items));
    unwrap(
      await markNotes(
        deps,
        mike,
        items.map((item) => item.hash),
        'read',
      ),
    );
    expect(unwrap(await findNote(deps, mike, '2')).text).toBe(items[1]!.text);
    expect(unwrap(await findNote(deps, mike, items[0]!.hash.slice(0, 8).toUpperCase())).text).toBe(
      items[0]!.text,
    );
    for (const name of ['0', '3', 'abc', 'ffff0000', '', '*'])
      expect(await findNote(deps, mike, name)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await findNote(deps, howard, '1')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('a long note', () => {
  it('is cut in the inbox and whole in its log, from git or from the cache', async () => {
    const long = `${'word '.repeat(NOTE_TEXT_LIMIT)}end`;
    const text = log(`## Note for mike\n\n${long}`);
    const path = 'session-logs/2026-06-05-howard-x.md';
    unwrap(await receiveNotes(deps, mike, arrived(text, path)));
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
      origin: { kind: 'store' as const, machine: other!, host: 'h', path: '2026-06-05-howard-x.md' },
    };
    mkdirSync(join(cache, other!), { recursive: true });
    writeFileSync(join(cache, other!, '2026-06-05-howard-x.md'), text);
    expect(await readWholeNote(world.deps, cache, stored)).toBe(long);
  });
});

describe('notes the reader sent', () => {
  it('come with everybody who has read them, once', async () => {
    const receipt = (reader: string, at: number) => ({
      reader,
      at,
      state: 'read' as const,
      machine: other!,
      host: 'ACG-5070',
    });
    const text = log('## Note for all\n\nAll.', 'Mike Swanson (mike)');
    const found = [
      ...rows(text, { receipts: [receipt('howard', 5)] }),
      ...rows(text, { machine: own!, receipts: [receipt('howard', 5), receipt('eve', 3)] }),
      ...rows(log('## Note for mike\n\nNot mine.')),
    ];
    const sent = unwrap(await sentNotes(index(found), mike));
    expect(sent.map((row) => row.receipts.map((one) => one.reader))).toEqual([['eve', 'howard']]);
  });
});
