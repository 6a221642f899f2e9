import { describe, expect, it } from 'vitest';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { conversationItems, conversationMarkdown, holdsWords } from './conversation-items.ts';

type Told = TranscriptEvent extends infer E
  ? E extends TranscriptEvent
    ? Omit<E, 'key' | 'at' | 'place' | 'by'> & { readonly by?: string }
    : never
  : never;

const text = (words: string) => ({ text: words, length: words.length });

function events(told: readonly Told[]): readonly TranscriptEvent[] {
  return told.map((event, n): TranscriptEvent => ({
    by: null,
    ...event,
    key: `e${n}`,
    at: n,
    place: { file: 'main', offset: n * 10, length: 10 },
  }));
}

const command = (words: string) =>
  ({ does: 'command', command: text(words), folder: null, exit: 0, background: false }) as const;

describe('conversation items', () => {
  it('show a tool once, when it has ended, with its output behind its line', () => {
    const items = conversationItems(
      events([
        { kind: 'prompt', text: text('Why?'), via: 'typed', attachments: 0 },
        { kind: 'tool-started', call: 'a', tool: 'Bash', use: command('npm test') },
        {
          kind: 'tool-ended',
          call: 'a',
          tool: 'Bash',
          use: command('npm test\nnpm run lint'),
          outcome: 'failed',
          output: text('1 failed'),
          words: null,
        },
        { kind: 'tool-started', call: 'b', tool: 'Read', use: { does: 'read', path: '/a.ts' } },
      ]),
    );
    expect(items.map(({ kind }) => kind)).toEqual(['prompt', 'tool', 'tool']);
    expect(items[0]).toMatchObject({ offset: 0 });
    expect(items[1]).toMatchObject({
      line: 'Bash: npm test',
      outcome: 'failed',
      detail: 'npm test\nnpm run lint\n\n1 failed',
    });
    expect(items[2]).toMatchObject({ line: 'Read: /a.ts', outcome: 'open' });
  });

  it('put the work of a subagent into it, and leave out the tool that started it', () => {
    const items = conversationItems(
      events([
        {
          kind: 'subagent-started',
          call: 's',
          agent: 'a1',
          agentType: null,
          task: text('Look around\nwell'),
        },
        { kind: 'reply', text: text('Within'), model: null, by: 'a1' },
        {
          kind: 'tool-ended',
          call: 's',
          tool: 'Task',
          use: { does: 'subagent', task: text('Look around'), agentType: null },
          outcome: 'ok',
          output: null,
          words: null,
        },
        {
          kind: 'subagent-ended',
          call: 's',
          agent: 'a1',
          outcome: 'ok',
          durationMs: 1,
          answer: text('Four.'),
        },
      ]),
    );
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ kind: 'subagent', task: 'Look around', outcome: 'ok', answer: 'Four.' });
    expect(items.map((item) => holdsWords(item, 'within'))).toEqual(items.map((_, at) => at === 0));
  });

  it('are copied as Markdown with prompts as headings', () => {
    const items = conversationItems(
      events([
        { kind: 'prompt', text: text('Why?'), via: 'typed', attachments: 0 },
        { kind: 'reply', text: text('Because.'), model: null },
        { kind: 'reply', text: text(' '), model: null },
        {
          kind: 'commit',
          sha: 'abc',
          how: 'committed',
          branch: null,
          subject: 'net: ask twice',
          source: 'agent',
        },
      ]),
    );
    expect(conversationMarkdown('Lookup', items)).toBe(
      '# Lookup\n\n## Prompt\n\nWhy?\n\nBecause.\n\n- Committed abc net: ask twice\n',
    );
  });
});
