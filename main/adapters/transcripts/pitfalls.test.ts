import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../shared/transcripts/facts-of.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { of, prompts, settled, writer } from '../../testing/transcripts/settled-events.ts';
import { uuid } from '../../testing/transcripts/write-claude-code.ts';
import { codexWriter } from '../../testing/transcripts/write-codex.ts';
import { createClaudeCodeSource } from './claude-code/claude-code-source.ts';
import { createCodexSource } from './codex/codex-source.ts';

/** What the tools for reading transcripts get wrong, as far as the reading goes; each of them a case that was met. */

const answers = async (): Promise<boolean> => true;
const claude = createClaudeCodeSource([], answers);
const codex = createCodexSource([], answers);

describe('tokens', () => {
  it('counts an answer of several lines once, and the final number of it (1, 2)', async () => {
    const w = writer();
    const usage = (output: number) => ({ input_tokens: 5, output_tokens: output });
    for (const [id, stop, output] of [
      ['m1', null, 1],
      ['m1', 'tool_use', 90],
      ['m2', 'end_turn', 10],
      ['m1', 'tool_use', 90],
    ] as const)
      w.reply('x', {
        requestId: uuid(createSeededRandom(output)),
        message: { id, role: 'assistant', model: 'm', content: [], stop_reason: stop, usage: usage(output) },
      });
    const seen = of(await settled(claude, [w.text()]), 'usage');
    expect(seen.map(({ output, quality }) => [output, quality])).toEqual([
      [90, 'exact'],
      [10, 'exact'],
    ]);
  });

  it('says of an old version that its numbers are too low', async () => {
    const w = writer('2.1.42');
    w.reply('x');
    expect(of(await settled(claude, [w.text()]), 'usage')).toMatchObject([{ quality: 'low' }]);
  });

  it('takes the last total of Codex however often it is written, and the client’s own of Claude Code (4)', async () => {
    const w = codexWriter(createSeededRandom(1), '0.104.0');
    w.meta();
    w.reply('one');
    w.reply('two');
    expect(of(await settled(codex, [w.text()]), 'usage')).toMatchObject([{ scope: 'session', output: 50 }]);
    const cost = JSON.stringify({
      type: 'cost-state',
      totalCostUSD: 1.5,
      modelUsage: { a: { outputTokens: 7 } },
    });
    expect(of(await settled(claude, [`${cost}\n${cost}\n`]), 'usage')).toMatchObject([
      { output: 7, costUsd: 1.5 },
    ]);
  });
});

describe('copies', () => {
  it('leaves out of a fork what its parent did, and counts a line within a file once (3, 5, 6)', async () => {
    const w = writer();
    w.prompt('of the parent');
    w.command('npm test', 'ok');
    const parent = w.text();
    const keys = new Set((await settled(claude, [parent])).map((event) => event.key));
    w.prompt('of the fork');
    const fork = w.text() + parent;
    expect(prompts(await settled(claude, [fork]))).toEqual(['of the parent', 'of the fork']);
    const own = await settled(claude, [fork], keys);
    expect([prompts(own), of(own, 'tool-ended')]).toEqual([['of the fork'], []]);
    const firstKey = async (text: string) =>
      factsOf('claude-code', 's', await settled(claude, [text]), true).firstKey;
    expect(await firstKey(parent)).toBe(await firstKey(fork));
  });

  it('passes over what Codex copied into a thread that was split off (4)', async () => {
    const parent = codexWriter(createSeededRandom(1), '0.149.0');
    const child = codexWriter(createSeededRandom(2), '0.149.0');
    child.meta({ forked_from_id: parent.thread });
    const burst = new Date(
      Date.parse((JSON.parse(child.text().split('\n')[0]!) as { timestamp: string }).timestamp) + 900,
    ).toISOString();
    child.line('session_meta', { id: parent.thread, cwd: '/other' }, burst);
    child.line('event_msg', { type: 'user_message', message: 'of the parent' }, burst);
    child.prompt('of the child');
    const events = await settled(codex, [child.text()]);
    expect(prompts(events)).toEqual(['of the child']);
    expect(of(events, 'lineage')).toMatchObject([{ relation: 'forked-from', session: parent.thread }]);
  });
});

describe('the tree', () => {
  it('reads past a compaction, and takes its summary for no prompt (7, 8)', async () => {
    const w = writer('2.1.42');
    w.prompt('before');
    w.hangOn(null);
    w.line({
      type: 'system',
      subtype: 'compact_boundary',
      uuid: 'b',
      parentUuid: null,
      compactMetadata: { trigger: 'auto' },
    });
    w.prompt(
      'This session is being continued from a previous conversation that ran out of context. All of it',
      { isCompactSummary: true },
    );
    w.prompt('after');
    const events = await settled(claude, [w.text()]);
    expect(prompts(events)).toEqual(['before', 'after']);
    expect(of(events, 'compacted')).toMatchObject([{ trigger: 'auto' }]);
  });

  it('drops a draft that was rewritten before there was an answer, and keeps both where there was one (9)', async () => {
    const w = writer();
    const root = w.prompt('first');
    w.reply('yes');
    const turn = w.last();
    w.prompt('draft');
    w.hangOn(turn);
    w.prompt('as it was sent');
    w.reply('done');
    w.hangOn(turn);
    w.prompt('another way');
    expect(root).not.toBe(turn);
    expect(prompts(await settled(claude, [w.text()]))).toEqual(['first', 'as it was sent', 'another way']);
  });

  it('keeps subagents of one file apart, and their words out of the prompts (10)', async () => {
    const w = writer('2.0.64');
    w.prompt('mine');
    const side = { isSidechain: true };
    w.hangOn(null);
    const one = w.prompt('task one', side);
    w.hangOn(null);
    const two = w.prompt('task two', side);
    w.hangOn(one);
    w.reply('one answers', side);
    w.hangOn(two);
    w.reply('two answers', side);
    const events = await settled(claude, [w.text()]);
    expect(prompts(events)).toEqual(['mine']);
    expect(of(events, 'reply').map(({ by, text }) => [by, text.text])).toEqual([
      [one, 'one answers'],
      [two, 'two answers'],
    ]);
  });
});

describe('a person’s words', () => {
  const queued = (operation: string, content?: string, timestamp = '2026-03-03T10:00:00.000Z') => ({
    type: 'queue-operation',
    operation,
    timestamp,
    ...(content === undefined ? {} : { content }),
  });

  it('finds what was typed while the agent worked, once, whichever way it is written (11)', async () => {
    const w = writer('2.1.42');
    w.prompt('first');
    w.line(queued('enqueue', 'in between'));
    w.line(queued('remove', undefined, '2026-03-03T10:00:05.000Z'));
    w.line(queued('enqueue', 'then this', '2026-03-03T10:01:00.000Z'));
    w.line(queued('dequeue'));
    w.prompt('then this');
    w.line(queued('enqueue', 'taken back', '2026-03-03T10:02:00.000Z'));
    w.line(queued('popAll', 'taken back'));
    w.line(
      queued(
        'enqueue',
        '<task-notification><task-id>b1</task-id></task-notification>',
        '2026-03-03T10:03:00.000Z',
      ),
    );
    w.line(queued('enqueue', 'as attachment', '2026-03-03T10:04:00.000Z'));
    w.line(queued('remove', undefined, '2026-03-03T10:04:01.000Z'));
    w.line({
      type: 'attachment',
      uuid: 'q',
      timestamp: '2026-03-03T10:04:01.500Z',
      attachment: { type: 'queued_command', prompt: 'as attachment' },
    });
    expect(prompts(await settled(claude, [w.text()]))).toEqual([
      'first',
      'in between',
      'then this',
      'as attachment',
    ]);
  });

  it('knows a program by its prompt, also where that went through the queue (11)', async () => {
    const w = writer('2.1.284');
    w.line(queued('enqueue', 'sum up'));
    w.line(queued('dequeue'));
    w.prompt('sum up', { promptSource: 'sdk' });
    const events = (await settled(claude, [w.text()])).filter(({ kind }) => kind === 'prompt');
    expect(events).toMatchObject([{ via: 'program', text: { text: 'sum up' } }]);
  });

  it.each([
    '<system-reminder>\nDo not say so\n</system-reminder>',
    '<local-command-stdout>out</local-command-stdout>',
    '<command-name>/clear</command-name>\n<command-message>clear</command-message>\n<command-args></command-args>',
    '<user-prompt-submit-hook>hook says</user-prompt-submit-hook>',
    'Stop hook feedback:\nno',
    'Operation stopped by hook: no',
    '<ide_opened_file>The user opened x</ide_opened_file>',
    'Caveat: The messages below were generated by the user while running local commands. DO NOT respond',
    '<teammate-message teammate_id="a">hi</teammate-message>',
  ])('takes %j for none (12)', async (text) => {
    const w = writer();
    w.prompt(text);
    expect(prompts(await settled(claude, [w.text()]))).toEqual([]);
    expect(factsOf('claude-code', 's', await settled(claude, [w.text()]), true).titles).toEqual([]);
  });

  it('keeps what was typed beside what the client put in, and what a person pasted within (12)', async () => {
    const w = writer();
    w.prompt([
      { type: 'text', text: '<ide_selection>x</ide_selection>' },
      { type: 'text', text: 'Fix it' },
    ]);
    w.prompt('Look\n<system-reminder>x</system-reminder>');
    w.prompt('I got <system-reminder>x</system-reminder> from it: why?');
    w.prompt(
      '<command-message>review</command-message>\n<command-name>/review</command-name>\n<command-args>the crane</command-args>',
    );
    w.prompt('<bash-input>git status</bash-input>');
    w.prompt('<command-name>/compact</command-name>\n<command-args>but keep the plan</command-args>');
    w.prompt('<command-name>/compact</command-name>\n<command-args></command-args>');
    const events = await settled(claude, [w.text()]);
    expect(prompts(events)).toEqual([
      'Fix it',
      'Look',
      'I got <system-reminder>x</system-reminder> from it: why?',
      '/review the crane',
      'git status',
      '/compact but keep the plan',
    ]);
    expect(of(events, 'prompt').map(({ via }) => via)).toEqual([
      'typed',
      'typed',
      'typed',
      'command',
      'shell',
      'command',
    ]);
  });

  it('takes lines of the client under a person’s name for none (13)', async () => {
    const w = writer();
    w.prompt('Continue from where you left off.', { isMeta: true });
    w.prompt('tick', { origin: { kind: 'task-notification' } });
    expect(prompts(await settled(claude, [w.text()]))).toEqual([]);
  });

  it('finds answers, rejections and their words in results of tools (14)', async () => {
    const w = writer();
    const ask = w.call('AskUserQuestion', {
      questions: [
        { question: 'Which?', options: [{ label: 'A' }] },
        { question: 'When?', options: [] },
      ],
    });
    w.result(ask, 'User has answered your questions: "When?"="Now".', { answers: { 'Which?': 'A' } });
    const edit = w.call('Edit', { file_path: '/a', old_string: 'a', new_string: 'b' });
    w.result(
      edit,
      "The user doesn't want to proceed with this tool use. The tool use was rejected. To tell you how to proceed, the user said:\nnot there",
      'Error: rejected',
    );
    const plan = w.call('ExitPlanMode', { plan: 'Do it' });
    w.result(plan, 'User has approved your plan.', {});
    const events = await settled(claude, [w.text()]);
    expect(of(events, 'question')[0]?.questions.map(({ answer }) => answer)).toEqual(['A', 'Now']);
    expect(of(events, 'plan')).toMatchObject([{ verdict: 'accepted', text: { text: 'Do it' } }]);
    expect(of(events, 'tool-ended')[1]).toMatchObject({ outcome: 'rejected', words: 'not there' });
    expect(factsOf('claude-code', 's', events, true).counts).toMatchObject({ changedFiles: 0 });
  });
});
