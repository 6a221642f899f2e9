import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { factsOf } from '../../../shared/transcripts/facts-of.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { MAIN, of, prompts, settled, writer } from '../../testing/transcripts/settled-events.ts';
import { claudeWriter, uuid } from '../../testing/transcripts/write-claude-code.ts';
import { codexWriter } from '../../testing/transcripts/write-codex.ts';
import { writeSessions } from '../../testing/transcripts/written-session.ts';
import { createClaudeCodeSource } from './claude-code/claude-code-source.ts';
import { createCodexSource } from './codex/codex-source.ts';
import { createGeminiSource } from './gemini/gemini-source.ts';
import { loadZstd } from './reading/unpack-zstd.ts';

/** More of what the tools for reading transcripts get wrong: facts, formats, and what lies on the disk. */

const answers = async (): Promise<boolean> => true;
const claude = createClaudeCodeSource([], answers);
const codex = createCodexSource([], answers);
const gemini = createGeminiSource([], answers);

describe('facts', () => {
  it('ranks titles by who gave them, and prints no null (15)', async () => {
    const w = writer();
    w.line({ type: 'summary', summary: 'Of another session', leafUuid: 'x' });
    w.line({ type: 'last-prompt', lastPrompt: null });
    w.prompt('The first words');
    w.line({ type: 'ai-title', aiTitle: 'By the agent' });
    const titles = async (text: string) =>
      factsOf('claude-code', 's', await settled(claude, [text]), true).titles.map(({ title }) => title);
    expect(await titles(w.text())).toEqual(['By the agent', 'The first words']);
    w.line({ type: 'summary', summary: 'Of this one', leafUuid: w.last() });
    expect(await titles(w.text())).toEqual(['By the agent', 'Of this one', 'The first words']);
    w.line({ type: 'custom-title', customTitle: 'Mine' });
    expect((await titles(w.text()))[0]).toBe('Mine');
  });

  it('takes times from lines and folders from what they say, never from names (16, 21, 22)', async () => {
    const w = claudeWriter(createSeededRandom(1), '2.1.235', { cwd: '/home/ada/my-harbour_1.0' });
    w.prompt('one');
    w.prompt('two', { cwd: '/home/ada/my-harbour_1.0/.worktrees/x', timestamp: '2026-01-01T00:00:00.000Z' });
    const facts = factsOf('claude-code', 's', await settled(claude, [w.text()]), true);
    expect(facts.folders).toEqual(['/home/ada/my-harbour_1.0', '/home/ada/my-harbour_1.0/.worktrees/x']);
    expect(facts.firstAt).toBe(Date.UTC(2026, 0, 1));
    expect(facts.lastAt).toBeGreaterThan(facts.firstAt!);
  });

  it('reads paths of Windows and any letters as they are (24)', async () => {
    const w = claudeWriter(createSeededRandom(1), '2.1.235', { cwd: 'C:\\Users\\Zoë\\hafen' });
    w.edit('C:\\Users\\Zoë\\hafen\\übersicht.ts', 'ä', '漢字 🚢');
    const events = await settled(claude, [w.text()]);
    expect(of(events, 'setting')[0]?.folder).toBe('C:\\Users\\Zoë\\hafen');
    expect(of(events, 'tool-ended')[0]?.use).toMatchObject({
      files: [{ path: 'C:\\Users\\Zoë\\hafen\\übersicht.ts' }],
    });
  });

  it('keeps heads of what was printed, with the length of the whole (25, 26)', async () => {
    const w = writer();
    w.command('yes', `\u001b[31m${'y\n'.repeat(2_000_000)}`);
    const [ended] = of(await settled(claude, [w.text()]), 'tool-ended');
    expect(ended?.output?.text).toHaveLength(4_096);
    expect(ended?.output?.length).toBeGreaterThan(4_000_000);
  });

  it('folds tasks, whatever tool keeps them', async () => {
    const w = writer();
    const first = w.call('TaskCreate', { subject: 'Dig', description: 'd' });
    w.result(first, 'Task #1 created', { task: { id: '1', subject: 'Dig' } });
    const second = w.call('TaskUpdate', { taskId: '1', status: 'completed' });
    w.result(second, 'Updated', { success: true });
    expect(of(await settled(claude, [w.text()]), 'todos').at(-1)?.items).toEqual([
      { text: 'Dig', state: 'done' },
    ]);
  });

  it('gives a pull request once, however often it is written', async () => {
    const link = `${JSON.stringify({ type: 'pr-link', prNumber: 7, prUrl: 'https://example.com/a/b/pull/7', prRepository: 'a/b' })}\n`;
    expect(of(await settled(claude, [link.repeat(40)]), 'pull-request')).toHaveLength(1);
  });
});

describe('formats', () => {
  it('says what it does not understand, and never nothing (29)', async () => {
    const events = await settled(claude, ['{"type":"next-years-line","x":1}\n{"type":"next-years-line"}\n']);
    expect(of(events, 'unknown').map(({ what }) => what)).toEqual(['next-years-line', 'next-years-line']);
    expect(factsOf('claude-code', 's', events, true)).toMatchObject({
      isUnderstood: false,
      counts: { unknownLines: 2 },
    });
    expect(
      of(
        await settled(codex, [
          '{"timestamp":"2026-01-01T00:00:00Z","type":"event_msg","payload":{"type":"new"}}\n',
        ]),
        'unknown',
      ),
    ).toMatchObject([{ what: 'event_msg/new' }]);
  });

  it('takes no time without a zone for one of UTC (30)', async () => {
    const w = writer();
    w.prompt('one', { timestamp: '2026-03-03 10:00:00' });
    w.prompt('two', { timestamp: '2026-03-03T10:00:00.000+01:00' });
    expect(of(await settled(claude, [w.text()]), 'prompt').map(({ at }) => at)).toEqual([
      null,
      Date.UTC(2026, 2, 3, 9),
    ]);
  });

  it('winds a conversation of Gemini CLI back, with all that came of it', async () => {
    const record = (id: string, type: string, content: string) =>
      `${JSON.stringify({ id, type, content, timestamp: '2026-01-01T00:00:00Z' })}\n`;
    const text = `${record('1', 'user', 'one')}${record('2', 'gemini', 'yes')}${record('3', 'user', 'two')}{"$rewindTo":"3"}\n${record('4', 'user', 'three')}`;
    expect(prompts(await settled(gemini, [text]))).toEqual(['one', 'three']);
  });

  it('rolls turns of Codex back, and reads files without events of a person', async () => {
    const w = codexWriter(createSeededRandom(1), '0.104.0');
    w.meta();
    w.prompt('one');
    w.prompt('two');
    w.line('event_msg', { type: 'thread_rolled_back', num_turns: 1 });
    expect(prompts(await settled(codex, [w.text()]))).toEqual(['one']);
    const old = w
      .text()
      .split('\n')
      .filter((line) => !line.includes('event_msg'))
      .join('\n');
    const answered = `${old}\n${JSON.stringify({ type: 'response_item', payload: { type: 'reasoning' } })}\n`;
    expect(prompts(await settled(codex, [answered]))).toEqual(['two']);
  });

  it('reads what Codex packed, and says of what is damaged that it is', async () => {
    await loadZstd();
    // One line with a person's words, by zstd 1.5.
    const packed = Buffer.from(
      'KLUv/SBx9QIAEsYUGpArHST4dn6Gvv9ISSNl7J9NqqWM9sxY5gQBgKZp8sQBVa+nVzDzCWk8Hcw1QYZiQdVTJROyFn+816tl9dRgO2CffSYoDAyZEcFsvaqEK58Qq0wCAC2kGoFQUQ==',
      'base64',
    );
    const read = async (bytes: Buffer) => {
      const parser = await codex.parser('s', { ...MAIN, name: 'a.jsonl.zst' });
      return [...parser.push(bytes.subarray(0, 20)), ...parser.push(bytes.subarray(20)), ...parser.end()];
    };
    expect(prompts(await read(packed))).toEqual(['packed']);
    expect(of(await read(Buffer.from('this is no such file at all')), 'unknown')).toMatchObject([
      { what: 'damaged' },
    ]);
  });

  it('reads what hostile names of fields do not change', async () => {
    const w = writer();
    for (const id of ['__proto__', 'constructor', '']) {
      w.reply('', {
        message: {
          id: 'm',
          role: 'assistant',
          model: 'm',
          content: [{ type: 'tool_use', id, name: 'Bash', input: { command: 'ls' } }],
        },
      });
      w.result(id, 'out', { stdout: 'out', stderr: '' });
    }
    expect(of(await settled(claude, [w.text()]), 'tool-ended').map(({ tool }) => tool)).toEqual([
      'Bash',
      'Bash',
      'Bash',
    ]);
    expect(({} as Record<string, unknown>)['tool']).toBeUndefined();
  });
});

describe('on the disk', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'transcripts-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const id = uuid(createSeededRandom(5));

  it('lists neither the client’s own runs nor files that it set aside, and names what is no session (19, 20)', async () => {
    const w = claudeWriter(createSeededRandom(1), '2.1.42', { session: id });
    w.prompt('one');
    const project = 'projects/-x';
    const files = new Map([
      [`${project}/${id}.jsonl`, w.text()],
      [`${project}/${id}.orphaned-1.jsonl`, w.text()],
      [`${project}/agent-acompact-1.jsonl`, w.text()],
      [`${project}/${id}/subagents/agent-acompact-2.jsonl`, w.text()],
      [`${project}/${id}/tool-results/a.txt`, 'out'],
      [`${project}/...jsonl`, w.text()],
    ]);
    const truth = {
      prompts: [],
      changedFiles: [],
      commands: [],
      failedCommands: 0,
      commits: [],
      folder: null,
      title: null,
      subagents: 0,
      unknownLines: 0,
    };
    writeSessions(root, [{ agent: 'claude-code', version: '', id, main: '', files, truth }]);
    const { sessions, problems } = await createClaudeCodeSource([root], answers).find();
    expect(sessions.map((session) => session.id)).toEqual([id]);
    expect(sessions[0]?.files.map(({ role }) => role)).toEqual(['main', 'sidecar', 'sidecar']);
    expect(problems.map(({ problem }) => problem)).toEqual(['its name is not a session id']);
  });

  it('finds prompts of sessions whose transcript is gone, with what was pasted', async () => {
    const typed = (display: string, sessionId: string, pastedContents = {}) =>
      `${JSON.stringify({ display, sessionId, pastedContents, timestamp: 1_760_000_000_000, project: '/home/ada' })}\n`;
    writeFileSync(
      join(root, 'history.jsonl'),
      `${typed('there', 'present')}${typed('one', id)}${typed('../x', '../x')}${typed('/clear', id)}${typed('two [Pasted text #1 +3 lines]', id, { 1: { content: 'pasted' } })}`,
    );
    const source = createClaudeCodeSource([root], answers);
    const { sessions } = await source.findLost(new Set(['present']));
    expect(sessions.map((session) => session.id)).toEqual([id]);
    const [file] = sessions[0]!.files;
    const parser = await source.parser(id, file!);
    const events: TranscriptEvent[] = [];
    for await (const bytes of source.read(file!)) events.push(...parser.push(bytes));
    expect(prompts([...events, ...parser.end()])).toEqual(['one', 'two pasted']);
    expect(unwrap(await source.describe(sessions[0]!))).toMatchObject({
      folders: ['/home/ada'],
      firstAt: 1_760_000_000_000,
    });
  });
});
