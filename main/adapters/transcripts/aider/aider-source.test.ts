import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TranscriptEvent } from '../../../../shared/transcripts/events.ts';
import type { FoundSession, TranscriptSource } from '../../../core/ports/transcript-source.ts';
import { AIDER_HISTORY, aiderWriter } from '../../../testing/transcripts/write-aider.ts';
import { createAiderSource } from './aider-source.ts';
import { createHistories } from './chats.ts';

const answers = async (): Promise<boolean> => true;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aider-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (text: string): void => writeFileSync(join(root, AIDER_HISTORY), text);
const find = async (source: TranscriptSource): Promise<readonly FoundSession[]> => {
  const { sessions, problems } = await source.find();
  expect(problems).toEqual([]);
  return sessions;
};
async function textOf(source: TranscriptSource, session: FoundSession): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of source.read(session.files[0]!)) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}
async function eventsOf(
  source: TranscriptSource,
  session: FoundSession,
): Promise<readonly TranscriptEvent[]> {
  const parser = await source.parser(session.id, session.files[0]!);
  const events: TranscriptEvent[] = [];
  for await (const bytes of source.read(session.files[0]!)) events.push(...parser.push(bytes));
  return [...events, ...parser.end()];
}
const prompts = (events: readonly TranscriptEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'prompt' ? [event.text.text] : []));

it('takes every chat of a file for a session, and loses no byte between them', async () => {
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  w.chat('2026-03-01 10:15:00');
  w.prompt('one');
  w.chat('2026-03-02 09:00:00');
  w.prompt('two');
  w.chat('2026-03-01 10:15:00');
  w.prompt('three');
  put(w.text());
  const source = createAiderSource([root], answers);
  const sessions = await find(source);
  const named = (name: string): FoundSession => sessions.find(({ files }) => files[0]?.part === name)!;
  const inOrder = ['20260301-101500', '20260302-090000', '20260301-101500-2'].map(named);
  expect(sessions).toHaveLength(3);
  expect(inOrder.map(({ id }) => id.replace(/-[0-9a-f]{8}$/, ''))).toEqual(
    inOrder.map(({ files }) => files[0]?.part),
  );
  const events = await Promise.all(inOrder.map((session) => eventsOf(source, session)));
  expect(events.map(prompts)).toEqual([['one'], ['two'], ['three']]);
  const texts = await Promise.all(inOrder.map((session) => textOf(source, session)));
  expect(texts.join('')).toBe(w.text());
});

it('finds where chats begin wherever the pieces of a large file end', async () => {
  const w = aiderWriter();
  for (let n = 10; n < 60; n++) {
    w.chat(`2026-03-01 10:15:${n}`);
    w.prompt(`number ${n}`);
    w.reply('x'.repeat(60_000 + n * 37));
  }
  put(w.text());
  const source = createAiderSource([root], answers);
  const sessions = await find(source);
  expect(sessions).toHaveLength(50);
  const texts = await Promise.all(sessions.map((session) => textOf(source, session)));
  expect(texts.join('') === w.text()).toBe(true);
});

it('leaves a chat that is over as it was while the next one grows, and looks through an unchanged file once', async () => {
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  w.prompt('one');
  put(w.text());
  const histories = createHistories();
  const source = createAiderSource([root], answers, histories);
  await find(source);
  const known = await histories.chats(join(root, AIDER_HISTORY));
  expect(await histories.chats(join(root, AIDER_HISTORY))).toBe(known);
  appendFileSync(join(root, AIDER_HISTORY), '\n# aider chat started at 2026-03-02 09:00:00\n\n');
  const [closed] = await find(source);
  appendFileSync(join(root, AIDER_HISTORY), '\n#### two  \n');
  const [still, grown] = await find(source);
  expect(still).toEqual(closed);
  expect(closed?.files[0]?.mtimeMs).toBe(new Date(2026, 2, 2, 9, 0, 0).getTime());
  expect(prompts(await eventsOf(source, grown!))).toEqual(['two']);
});

it('says of a chat that was cut out of its file that it is gone, and finds one that moved in it', async () => {
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  w.prompt('one');
  const first = w.text();
  w.chat('2026-03-02 09:00:00');
  w.prompt('two');
  put(w.text());
  const source = createAiderSource([root], answers);
  const [one, two] = await find(source);
  put(w.text().slice(first.length));
  expect(prompts(await eventsOf(source, two!))).toEqual(['two']);
  await expect(textOf(source, one!)).rejects.toMatchObject({ code: 'not-found' });
});

it('reads the time of a chat as the clock of this machine, and the folder from where the file lies', async () => {
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  put(w.text());
  const source = createAiderSource([root], answers);
  const [session] = await find(source);
  expect(await source.describe(session!)).toMatchObject({
    value: { firstAt: new Date(2026, 2, 1, 10, 15, 0).getTime(), folders: [root] },
  });
});

it('tells words of the person from Markdown of the model and from questions of Aider', async () => {
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  w.prompt('/add src/a.ts');
  w.prompt('!npm test');
  w.prompt('<blank>');
  w.reply('#### A heading\n> Applied edit to nothing.ts\n# aider chat started at some time');
  w.says('litellm.RateLimitError: slow down');
  w.says('^C again to exit');
  w.prompt('wait');
  w.reply('I wa');
  w.says('^C again to exit');
  w.says('^C KeyboardInterrupt');
  // Windows.
  put(`${w.text()}\r\n#### with a carriage return  \r\n`);
  const source = createAiderSource([root], answers);
  const events = await eventsOf(source, (await find(source))[0]!);
  expect(events.flatMap((event) => (event.kind === 'prompt' ? [[event.via, event.text.text]] : []))).toEqual([
    ['command', '/add src/a.ts'],
    ['shell', '!npm test'],
    ['typed', 'wait'],
    ['typed', 'with a carriage return'],
  ]);
  expect(events.map(({ kind }) => kind)).not.toContain('tool-ended');
  // Leaving Aider stops no answer.
  expect(events.filter(({ kind }) => kind === 'api-error' || kind === 'interrupted')).toHaveLength(2);
});

it('keeps the head of a prompt of many megabytes, and its length', async () => {
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  w.prompt('y'.repeat(3_000_000));
  for (let n = 0; n < 40; n++) w.says('z'.repeat(200_000));
  put(w.text());
  const source = createAiderSource([root], answers);
  const events = await eventsOf(source, (await find(source))[0]!);
  const [prompt] = events.filter((event) => event.kind === 'prompt');
  // What is kept of a line has its mark in front.
  expect(prompt?.text.text === 'y'.repeat(65_536 - '#### '.length)).toBe(true);
  expect(prompt?.text.length).toBeGreaterThanOrEqual(3_000_000);
});

it('names a file that is no history of Aider, follows no link to one, and works in a linked workspace (23, 29)', async () => {
  put('# Something else\n');
  const source = createAiderSource([root], answers);
  expect((await source.find()).problems).toMatchObject([{ path: `${root}/${AIDER_HISTORY}` }]);
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  put(w.text());
  mkdirSync(join(root, 'other'));
  symlinkSync(join(root, AIDER_HISTORY), join(root, 'other', AIDER_HISTORY));
  expect(await find(createAiderSource([join(root, 'other')], answers))).toEqual([]);
  symlinkSync(root, join(root, 'link'));
  const both = createAiderSource([join(root, 'link'), root], answers);
  const sessions = await find(both);
  expect(sessions.map((session) => session.root)).toEqual([join(root, 'link')]);
  expect(await textOf(both, sessions[0]!)).toBe(w.text());
});
