import { describe, expect, it } from 'vitest';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { collectSession } from './collect-session.ts';

type Body = TranscriptEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'at' | 'place' | 'by'>
    : never
  : never;

const whole = (text: string) => ({ text, length: text.length });
const command = (text: string) =>
  ({ does: 'command', command: whole(text), folder: null, exit: null, background: false }) as const;
const reply = (key: string, model = 'opus'): Body => ({ kind: 'reply', key, text: whole(key), model });
const prompt = (key: string): Body => ({
  kind: 'prompt',
  key,
  text: whole(key),
  via: 'typed',
  attachments: 0,
});
const call = (id: string): Body => ({
  kind: 'tool-started',
  key: `call/${id}`,
  call: id,
  tool: 'Bash',
  use: command('make'),
});
const end = (
  id: string,
  more: { readonly output?: string; readonly outcome?: 'ok' | 'failed' } = {},
): Body => ({
  kind: 'tool-ended',
  key: `end/${id}`,
  call: id,
  tool: 'Bash',
  use: command('make'),
  outcome: more.outcome ?? 'ok',
  output: whole(more.output ?? 'done'),
  words: null,
});

function kept(...bodies: readonly Body[]): readonly TranscriptEvent[] {
  const collector = collectSession();
  const place = { file: 'session.jsonl', offset: 0, length: 1 };
  collector.addOwn(bodies.map((body) => ({ ...body, at: 1, place, by: null })));
  return collector.stretches().flatMap(({ own }) => own);
}
const keys = (...bodies: readonly Body[]): readonly string[] => kept(...bodies).map(({ key }) => key);

describe('of a session it keeps', () => {
  it('the closing words of every turn, and those of each model', () => {
    const [asked, more] = [prompt('a prompt'), prompt('another')];
    expect(keys(asked, reply('1'), reply('2'), more, reply('3'), reply('4', 'sonnet'))).toEqual([
      'a prompt',
      '2',
      'another',
      '3',
      '4',
    ]);
  });

  it('words that are written again as they grow', () => {
    expect(keys(prompt('a prompt'), reply('1'), reply('1'))).toEqual(['a prompt', '1']);
  });

  it('the beginning of a call only where no end is recorded', () => {
    expect(keys(call('1'), end('1'), call('2'), call('1'))).toEqual(['end/1', 'call/2']);
  });

  it('what commands printed as far as a log shows it, and of every failure', () => {
    const many = Array.from({ length: 100 }, (_, n) => end(`${n}`, { outcome: n === 90 ? 'failed' : 'ok' }));
    const outputs = kept(...many).map((event) => event.kind === 'tool-ended' && event.output !== null);
    expect(outputs.lastIndexOf(true)).toBe(90);
    expect(outputs.filter(Boolean)).toHaveLength(61);
  });

  it('nothing of what a command that only looks printed', () => {
    const looked = { ...end('1'), use: command('git --no-pager log') } as Body;
    expect(kept(looked)).toMatchObject([{ output: null }]);
  });
});
