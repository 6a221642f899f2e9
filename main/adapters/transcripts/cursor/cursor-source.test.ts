import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import type { TranscriptEvent } from '../../../../shared/transcripts/events.ts';
import { openConnection } from '../../sqlite/sqlite-connection.ts';
import { createSeededRandom } from '../../../testing/seeded-random.ts';
import { cursorLine } from '../../../testing/transcripts/write-cursor.ts';
import {
  COMPOSER_VERSIONS,
  writeComposer,
  writeComposers,
} from '../../../testing/transcripts/write-cursor-database.ts';
import type { WrittenSession } from '../../../testing/transcripts/written-session.ts';
import { factsOf } from '../../../../shared/transcripts/facts-of.ts';
import { settledEvents } from '../../../testing/contracts/transcript-source-contract.ts';
import { createCursorSource } from './cursor-source.ts';

const ID = '8f14e45f-ceea-467f-a0e6-5b1c8d2f0a11';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cursor-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const source = () => createCursorSource([root], [join(root, 'User')], async () => true);
function put(name: string, text: string): void {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), text);
}
async function eventsOf(
  text: string,
  name = 'home-ada-my-app/agent-transcripts/a.jsonl',
): Promise<readonly TranscriptEvent[]> {
  const parser = await source().parser('a', { name, role: 'main', subagent: null });
  return [...parser.push(Buffer.from(text)), ...parser.end()];
}
const user = (...texts: readonly string[]): string =>
  cursorLine('user', ...texts.map((text) => ({ type: 'text', text })));
const tool = (name: string, input: Record<string, unknown>): string =>
  cursorLine('assistant', { type: 'tool_use', name, input });
/** A conversation as another one's subagent. */
function startedBy(session: WrittenSession, { id }: WrittenSession): WrittenSession {
  const one = JSON.parse(String(session.files.get(session.main)));
  const subagentInfo = { parentComposerId: id, subagentTypeName: 'explore' };
  const head = one.head === null ? null : { ...one.head, isSubagent: true, subagentInfo };
  const composer = { ...one.composer, subagentInfo };
  return { ...session, files: new Map([[session.main, JSON.stringify({ ...one, head, composer })]]) };
}
const prompts = (events: readonly TranscriptEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'prompt' ? [event.text.text] : []));

it('takes the words of the person out of what the client puts around them, and keeps tags that were pasted (12)', async () => {
  const text = [
    user('<timestamp>Monday, 3 PM</timestamp>\n<user_query>\nWhy <timestamp>x</timestamp>?\n</user_query>'),
    user('<attached_files>\na\n</attached_files>\n<user_query>\nSee </user_query> in it\n</user_query>'),
    user('<system_reminder>\nno\n</system_reminder>'),
    user('without any mark'),
    user('<user_query>\n/review it\n</user_query>'),
  ].join('');
  expect(prompts(await eventsOf(text))).toEqual([
    'Why <timestamp>x</timestamp>?',
    'See </user_query> in it',
    'without any mark',
    '/review it',
  ]);
});

it.each([
  ['/home/ada/my.app/src/a.ts', 'home-ada-my-app', '/home/ada/my.app'],
  ['C:\\work\\my_app\\a.ts', 'C-work-my-app', 'C:\\work\\my_app'],
  ['/elsewhere/a.ts', 'home-ada-my-app', undefined],
])('knows from %s below %s where it was started: %s (21)', async (path, project, folder) => {
  const events = await eventsOf(tool('Read', { path }), `${project}/agent-transcripts/a.jsonl`);
  expect(events.flatMap((event) => (event.kind === 'setting' ? [event.folder] : []))).toEqual(
    folder === undefined ? [] : [folder],
  );
});

it('says of no tool how it ended, and of files what was written', async () => {
  const text =
    tool('StrReplace', { path: '/a', old_string: 'one\ntwo', new_string: 'one\n2\n3' }) +
    tool('Delete', { path: '/b' }) +
    tool('Grep', { pattern: 'x' }) +
    tool('SomethingNew', { deep: [{}] });
  const ended = (await eventsOf(text)).flatMap((event) => (event.kind === 'tool-ended' ? [event] : []));
  expect(ended.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  expect(ended.map(({ use }) => use)).toMatchObject([
    { files: [{ path: '/a', change: 'changed', added: 2, removed: 1 }] },
    { files: [{ path: '/b', change: 'deleted' }] },
    { does: 'search', query: { text: 'x' } },
    { does: 'other', about: null },
  ]);
});

it('names a line in the same way whatever project its file lies in', async () => {
  const keys = async (project: string) =>
    (await eventsOf(user('same'), `${project}/agent-transcripts/a.jsonl`)).map(({ key }) => key);
  expect(await keys('one')).toEqual(await keys('two'));
});

it('counts lines that it does not know, and shows the texts of older versions as not understood (29)', async () => {
  expect(await eventsOf('{"type":"from_tomorrow"}\n{"role":"oracle"}\n')).toMatchObject([
    { kind: 'unknown', what: 'from_tomorrow' },
    { kind: 'unknown', what: 'oracle' },
  ]);
  put(`p/agent-transcripts/${ID}.txt`, 'user:\n<user_query>\nhello\n</user_query>\n');
  const { sessions } = await source().find();
  expect(sessions.map(({ id }) => id)).toEqual([ID]);
  expect(unwrap(await source().describe(sessions[0]!))).toMatchObject({ isUnderstood: false });
});

it('takes of one session in two projects the fuller one, and of two files the other beside it, and names what is no session (5)', async () => {
  put(`one/agent-transcripts/${ID}.jsonl`, user('a'));
  put(`two/agent-transcripts/${ID}/${ID}.jsonl`, user('a') + user('b'));
  put(`two/agent-transcripts/${ID}.jsonl`, user('a'));
  put(`two/agent-transcripts/${ID}/extra.bin`, 'x');
  put(`two/agent-transcripts/empty/other.jsonl`, user('a'));
  put(`two/agent-transcripts/not an id.jsonl`, user('a'));
  const { sessions, problems } = await source().find();
  expect(problems).toEqual([
    { path: join(root, 'two/agent-transcripts/not an id.jsonl'), problem: 'its name is not a session id' },
  ]);
  expect(sessions.map(({ files }) => files.map(({ name, role }) => [name, role]))).toEqual([
    [
      [`two/agent-transcripts/${ID}/${ID}.jsonl`, 'main'],
      [`two/agent-transcripts/${ID}.jsonl`, 'sidecar'],
      [`two/agent-transcripts/${ID}/extra.bin`, 'sidecar'],
    ],
  ]);
});

it('finds a session of the command line whose folder holds subagents alone', async () => {
  put(`one/agent-transcripts/${ID}.jsonl`, user('a'));
  put(`one/agent-transcripts/${ID}/subagents/b.jsonl`, user('b'));
  const { sessions } = await source().find();
  expect(sessions[0]?.files.map(({ role, subagent }) => [role, subagent])).toEqual([
    ['main', null],
    ['subagent', 'b'],
  ]);
});

it('goes on in a file that grows from where it was, with the folder that it had found', async () => {
  put(`home-ada-app/agent-transcripts/${ID}.jsonl`, tool('Read', { path: '/home/ada/app/a' }));
  const [session] = (await source().find()).sessions;
  const file = session!.files[0]!;
  const first = await source().parser(ID, file);
  for await (const bytes of source().read(file)) first.push(bytes);
  first.end();
  const state = first.state();
  appendFileSync(file.path, tool('Read', { path: '/home/ada/app/b' }) + user('more'));
  const next = await source().parser(ID, file, state);
  const events: TranscriptEvent[] = [];
  for await (const bytes of source().read(file, state.offset)) events.push(...next.push(bytes));
  expect(events.map(({ kind }) => kind)).toEqual(['tool-started', 'tool-ended', 'prompt']);
});

it('takes a session that lies in both places from the database, which says more', async () => {
  const written = writeComposer(createSeededRandom(1), 'heads');
  put(`home-ada-harbour/agent-transcripts/${written.id}.jsonl`, user('<user_query>Fix it</user_query>'));
  writeComposers(join(root, 'User'), [written]);
  const { sessions, problems } = await source().find();
  expect(sessions.map(({ files }) => files[0]?.name)).toEqual([written.main]);
  expect(problems).toEqual([]);
});

it.each(COMPOSER_VERSIONS)(
  'knows whose subagent a conversation is, and what it did for that one (%s, 10)',
  async (version) => {
    const [parent, child, grandchild] = [1, 2, 3].map((seed) =>
      writeComposer(createSeededRandom(seed), version),
    );
    writeComposers(join(root, 'User'), [parent!, startedBy(child!, parent!), startedBy(grandchild!, child!)]);
    const { sessions } = await source().find();
    const of = (id: string) => sessions.find((session) => session.id === id)!;
    expect([parent, child, grandchild].map((one) => of(one!.id).parent)).toEqual([
      null,
      parent!.id,
      child!.id,
    ]);
    expect(new Set(of(parent!.id).files.map(({ role, subagent }) => `${role} ${subagent}`))).toEqual(
      new Set(['main null', `subagent ${child!.id}`, `subagent ${grandchild!.id}`]),
    );
    const events = await settledEvents(source(), of(parent!.id));
    const counts = factsOf('cursor', parent!.id, events, true).counts;
    expect(counts?.prompts).toBe(parent!.truth.prompts.length);
    expect(counts?.changedFiles).toBe(
      new Set([parent, child, grandchild].flatMap((one) => one!.truth.changedFiles)).size,
    );
    expect(new Set(events.map(({ by }) => by))).toEqual(new Set([null, child!.id, grandchild!.id]));
  },
);

it('reads a database around rows that are damaged', async () => {
  const written = writeComposer(createSeededRandom(1), 'documents');
  writeComposers(join(root, 'User'), [written]);
  const db = openConnection(join(root, 'User/globalStorage/state.vscdb'), 1_000);
  db.run("update cursorDiskKV set value = '{torn' where key = ?", `composerData:${written.id}`);
  db.run("insert into cursorDiskKV values (?, x'ff00fe')", `bubbleId:${written.id}:damaged`);
  db.close();
  const { sessions } = await source().find();
  const facts = unwrap(await source().describe(sessions[0]!));
  expect(facts.titles).toEqual([{ title: written.truth.prompts[1]?.split('\n')[0], source: 'prompt' }]);
});

it('names a database that it does not understand', async () => {
  put('User/globalStorage/state.vscdb', 'no database at all');
  const { sessions, problems } = await source().find();
  expect(sessions).toEqual([]);
  expect(problems).toMatchObject([{ problem: expect.stringContaining('not understood') }]);
});
