import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import type { TranscriptEvent } from '../../../../shared/transcripts/events.ts';
import { createSeededRandom } from '../../../testing/seeded-random.ts';
import {
  insertSecond,
  insertSession,
  openOpencode,
  writeOpencode,
  writeOpencodeSession,
  writeSecond,
  writeSecondSession,
  writeStorage,
  type OpencodeExport,
} from '../../../testing/transcripts/write-opencode.ts';
import type { Databases } from '../reading/database-sessions.ts';
import { createOpencodeSource } from './opencode-source.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'opencode-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const source = (databases: Databases = new Map()) =>
  createOpencodeSource([root], async () => true, databases);
const written = (seed = 1) => writeOpencodeSession(createSeededRandom(seed));
const exported = (seed = 1): OpencodeExport => {
  const { files, main } = written(seed);
  return JSON.parse(String(files.get(main))) as OpencodeExport;
};
async function eventsOf(id: string): Promise<readonly TranscriptEvent[]> {
  const reader = source();
  const { sessions } = await reader.find();
  const file = sessions.find((session) => session.id === id)!.files[0]!;
  const parser = await reader.parser(id, file);
  const events: TranscriptEvent[] = [];
  for await (const bytes of reader.read(file)) events.push(...parser.push(bytes));
  return [...events, ...parser.end()];
}
const prompts = (events: readonly TranscriptEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'prompt' ? [event.text.text] : []));

it('reads what opencode has written and not yet moved out of its journal, beside it, and writes nothing (31)', async () => {
  const db = openOpencode(root);
  db.pragma('wal_checkpoint(truncate)');
  insertSession(db, exported());
  const before = readdirSync(root).map((name) => [name, statSync(join(root, name)).size]);
  const mtime = statSync(join(root, 'opencode.db'), { bigint: true }).mtimeNs;
  const { id, truth } = written();
  expect(prompts(await eventsOf(id))).toEqual(truth.prompts);
  expect(readdirSync(root).map((name) => [name, statSync(join(root, name)).size])).toEqual(before);
  expect(statSync(join(root, 'opencode.db'), { bigint: true }).mtimeNs).toBe(mtime);
  insertSession(db, exported(2));
  expect((await source().find()).sessions).toHaveLength(2);
  db.close();
});

it('leaves nothing beside a database that no program has open (31)', async () => {
  writeOpencode(root, [written()]);
  expect(prompts(await eventsOf(written().id))).toEqual(written().truth.prompts);
  expect(readdirSync(root)).toEqual(['opencode.db']);
});

it('says of a database that a program has to itself that it is in use (31)', async () => {
  const db = openOpencode(root);
  db.pragma('locking_mode = exclusive');
  insertSession(db, exported());
  const { sessions, problems } = await source().find();
  expect(sessions).toEqual([]);
  expect(problems).toMatchObject([{ problem: expect.stringContaining('in use by another program') }]);
  db.close();
});

it('takes a session of both versions from the newer tables, and others from where they are', async () => {
  const db = openOpencode(root);
  const both = writeSecondSession(createSeededRandom(7));
  insertSession(db, exported());
  insertSession(db, { ...exported(2), info: { ...exported(2).info, id: both.id } });
  insertSecond(db, JSON.parse(String(both.files.get(both.main))));
  db.close();
  writeSecond(join(root, 'other'), [writeSecondSession(createSeededRandom(8))]);
  renameSync(join(root, 'other', 'opencode.db'), join(root, 'opencode-beta.db'));
  const { sessions, problems } = await source().find();
  expect(problems).toEqual([]);
  expect(sessions).toHaveLength(3);
  expect(sessions.find(({ id }) => id === both.id)?.files[0]?.name).toBe(both.main);
  expect(prompts(await eventsOf(both.id))).toEqual(both.truth.prompts);
});

it('knows in a fork of version 2 what its parent said, and whose fork it is (3)', async () => {
  const parent = writeSecondSession(createSeededRandom(7));
  const { info, messages } = JSON.parse(String(parent.files.get(parent.main)));
  const db = openOpencode(root);
  insertSecond(db, { info, messages });
  const copies = messages.map((message: { readonly id: string }, seq: number) => ({
    ...message,
    id: `msg_fork_${seq}`,
  }));
  insertSecond(db, { info: { ...info, id: 'ses_fork', forkSessionID: parent.id }, messages: copies });
  db.close();
  const [own, copied] = await Promise.all([eventsOf(parent.id), eventsOf('ses_fork')]);
  const keys = new Set(own.map(({ key }) => key));
  expect(copied.filter(({ key }) => !keys.has(key)).map(({ kind }) => kind)).toEqual([
    'setting',
    'title',
    'lineage',
  ]);
  expect(copied.find(({ kind }) => kind === 'lineage')).toMatchObject({
    relation: 'forked-from',
    session: parent.id,
  });
});

it('reads of version 2 what a person ran, interruptions, errors and compactions, and says what it does not know (29)', async () => {
  const { info } = JSON.parse(String([...writeSecondSession(createSeededRandom(7)).files.values()][0]));
  const time = { created: 1_790_000_000_000 };
  const db = openOpencode(root);
  insertSecond(db, {
    info,
    messages: [
      {
        id: '1',
        type: 'shell',
        time,
        command: 'git status',
        status: 'completed',
        exit: 128,
        output: { output: 'no repository' },
      },
      { id: '2', type: 'user', time, text: '', files: [{ uri: 'file:///a.png' }] },
      {
        id: '3',
        type: 'assistant',
        time,
        content: [
          {
            type: 'tool',
            id: 'c',
            name: 'bash',
            state: { status: 'running', input: { command: 'sleep 9' } },
          },
        ],
        error: { type: 'provider', message: 'Overloaded', status: 529 },
      },
      { id: '4', type: 'compaction', time, status: 'completed', reason: 'auto', summary: 'x' },
      { id: '5', type: 'idle', time, outcome: 'interrupted' },
      { id: '6', type: 'from-tomorrow', time },
    ],
  });
  db.close();
  const events = await eventsOf(info.id);
  expect(events.slice(2).map(({ kind }) => kind)).toEqual([
    'prompt',
    'tool-started',
    'tool-ended',
    'prompt',
    'tool-started',
    'api-error',
    'compacted',
    'interrupted',
    'unknown',
  ]);
  expect(events.find(({ kind }) => kind === 'tool-ended')).toMatchObject({
    outcome: 'failed',
    output: { text: 'no repository' },
  });
});

it('shows tables of another form, columns that are gone and what is no database as not understood (29)', async () => {
  let db = openOpencode(root);
  insertSession(db, exported());
  db.exec('create table session_v2 (id text primary key)');
  db.run('insert into session_v2 values (?), (?)', 'ses_new', written().id);
  db.close();
  const found = await source().find();
  expect(found.sessions.map(({ id }) => id)).toEqual([written().id]);
  expect(found.problems).toMatchObject([{ problem: 'not understood: 1 sessions of a newer form' }]);
  db = openOpencode(root);
  db.exec('alter table part rename column message_id to owner');
  db.close();
  expect((await source().find()).problems).toMatchObject([
    { problem: expect.stringMatching(/^not understood: .*part has no message_id/) },
  ]);
  for (const side of ['', '-wal', '-shm']) rmSync(join(root, `opencode.db${side}`), { force: true });
  writeFileSync(join(root, 'opencode.db'), 'no database at all '.repeat(100));
  expect((await source().find()).problems).toMatchObject([
    { problem: expect.stringMatching(/^not understood: /) },
  ]);
});

it('survives bytes that are no text, JSON that is torn and ids that are none, and passes over a row of 33 MiB with its size', async () => {
  const db = openOpencode(root);
  const { info, messages } = exported();
  insertSession(db, { info, messages });
  const message = messages[0]!.info['id'] as string;
  const part = (id: string, data: string | Uint8Array): unknown =>
    db.run(
      'insert into part values (?, ?, ?, 0, 0, cast(? as text))',
      id,
      message,
      info['id'] as string,
      data,
    );
  part('prt_0', Buffer.from([0x22, 0xff, 0xfe, 0x22]));
  part('prt_1', '{"type":"text","te');
  part('prt_2', JSON.stringify({ type: 'text', text: 'x'.repeat(33 << 20) }));
  db.run('update part set message_id = ? where id = ?', messages[1]!.info['id'] as string, 'prt_2');
  db.run('insert into session (id, time_created, time_updated) values (?, 0, 0)', '../../x');
  db.close();
  expect((await source().find()).sessions.map(({ id }) => id)).toEqual([info['id']]);
  const events = await eventsOf(info['id'] as string);
  expect(prompts(events)).toEqual(written().truth.prompts);
  expect(events.filter(({ kind }) => kind === 'unknown')).toMatchObject([
    { what: `too-large: ${JSON.stringify({ type: 'text', text: '' }).length + (33 << 20)} bytes` },
  ]);
});

it('opens a database again only when it has changed, and gives a session that grew another time', async () => {
  const databases: Databases = new Map();
  writeOpencode(root, [written()]);
  const [first] = (await source(databases).find()).sessions;
  const entries = databases.get(`${root}/opencode.db`)?.entries;
  await source(databases).find();
  expect(databases.get(`${root}/opencode.db`)?.entries).toBe(entries);
  const db = openOpencode(root);
  const { info, messages } = exported();
  const later = {
    ...messages[2]!.info,
    id: 'msg_later',
    time: { created: first!.files[0]!.mtimeMs + 60_000 },
  };
  insertSession(db, {
    info,
    messages: [{ info: later, parts: [{ type: 'text', text: 'more', id: 'prt_later' }] }],
  });
  db.close();
  const [grown] = (await source(databases).find()).sessions;
  expect(grown!.files[0]!.mtimeMs).toBe(first!.files[0]!.mtimeMs + 60_000);
  expect(prompts(await eventsOf(grown!.id))).toContain('more');
});

it('lists a subagent as its parent’s, and names the agent’s own command for putting a session back (10)', async () => {
  const child = exported(2);
  const db = openOpencode(root);
  insertSession(db, exported());
  insertSession(db, { ...child, info: { ...child.info, parentID: written().id } });
  db.close();
  const { sessions } = await source().find();
  const found = sessions.find(({ id }) => id === child.info['id'])!;
  expect(found.parent).toBe(written().id);
  expect(unwrap(await source().describe(found)).lineage).toEqual([
    { relation: 'subagent-of', session: written().id },
  ]);
  expect(source().restorePlace(root, found.files[0]!.name)).toEqual({
    ok: true,
    value: { how: 'import', command: ['opencode', 'import'] },
  });
});

it('takes a session that was moved into the database from there, and reads around files that are damaged', async () => {
  const [moved, left] = [1, 2].map((seed) => writeOpencodeSession(createSeededRandom(seed)));
  writeStorage(root, [moved!, left!]);
  writeOpencode(root, [moved!]);
  const message = join(root, 'storage', 'message', left!.id, 'msg_000001.json');
  writeFileSync(message, '{"role":');
  writeFileSync(join(root, 'storage', 'session', 'global', 'ses_torn.json'), '{');
  const source = createOpencodeSource([root], async () => true);
  const { sessions, problems } = await source.find();
  expect(sessions).toHaveLength(2);
  expect(sessions.find(({ id }) => id === moved!.id)?.files[0]?.path).toMatch(/opencode\.db$/);
  expect(problems).toMatchObject([{ problem: expect.stringContaining('not understood') }]);
  const stored = sessions.find(({ id }) => id === left!.id)!;
  expect(unwrap(await source.describe(stored)).titles[0]?.title).toBe(left!.truth.title);
});
