import { describe, expect, it } from 'vitest';
import type { TranscriptEvent } from './events.ts';
import { factsOf } from './facts-of.ts';
import { foldEvents } from './fold-events.ts';

const place = (offset: number) => ({ file: 'a.jsonl', offset, length: 10 });
const prompt = (key: string, text: string, at: number | null = null): TranscriptEvent => ({
  kind: 'prompt',
  key,
  at,
  place: place(at ?? 0),
  by: null,
  text: { text, length: text.length },
  via: 'typed',
  attachments: 0,
});
const title = (key: string, words: string, source: 'person' | 'agent' | 'prompt'): TranscriptEvent => ({
  kind: 'title',
  key,
  at: null,
  place: place(0),
  by: null,
  title: words,
  source,
});
const texts = (events: readonly TranscriptEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'prompt' ? [event.text.text] : []));

describe('settling events', () => {
  it('puts what was written again in the place of what it was, with the first time', () => {
    const fold = foldEvents();
    fold.add([prompt('a', 'one', 5), prompt('b', 'two', 6)]);
    fold.add([prompt('a', 'one, settled', 9)]);
    expect(texts(fold.events())).toEqual(['one, settled', 'two']);
    expect(fold.events()[0]).toMatchObject({ at: 5, place: { offset: 5 } });
  });

  it('leaves out what was copied from another session, and counts a copy within one once', () => {
    const fold = foldEvents(new Set(['a']));
    fold.add([prompt('a', 'old'), prompt('b', 'new'), prompt('b', 'new')]);
    expect(texts(fold.events())).toEqual(['new']);
  });

  it('takes back single events, or one and all after it', () => {
    const fold = foldEvents();
    const retracted = (keys: readonly string[], andAfter: boolean): TranscriptEvent => ({
      kind: 'retracted',
      key: `r${keys.join('')}`,
      at: null,
      place: place(0),
      by: null,
      keys,
      andAfter,
      why: 'rewound',
    });
    fold.add([prompt('a', '1'), prompt('b', '2'), prompt('c', '3'), retracted(['a'], false)]);
    expect(texts(fold.events())).toEqual(['2', '3']);
    fold.add([prompt('d', '4'), retracted(['c'], true), prompt('e', '5')]);
    expect(texts(fold.events())).toEqual(['2', '5']);
  });
});

describe('facts of a session', () => {
  it('ranks titles, and of one rank takes the one that stands', () => {
    const events = [
      prompt('p', '\n  Fix the parser\nplease', 7),
      title('t1', 'Agent one', 'agent'),
      title('t2', 'Mine', 'person'),
      title('t3', 'Agent two', 'agent'),
    ];
    expect(factsOf('codex', 'x', events, false).titles).toEqual([
      { title: 'Mine', source: 'person' },
      { title: 'Agent two', source: 'agent' },
      { title: 'Fix the parser', source: 'prompt' },
    ]);
  });

  it('says what is not understood, and counts only what was read whole', () => {
    const unknown: TranscriptEvent = {
      kind: 'unknown',
      what: 'x',
      key: 'u',
      at: null,
      place: place(0),
      by: null,
    };
    expect(factsOf('codex', 'x', [unknown], true)).toMatchObject({
      isUnderstood: false,
      firstAt: null,
      counts: { unknownLines: 1, prompts: 0 },
    });
    expect(factsOf('codex', 'x', [prompt('p', 'a', 3), prompt('q', 'b', 9)], false)).toMatchObject({
      isUnderstood: true,
      firstAt: 3,
      lastAt: 9,
      firstKey: 'p',
      counts: null,
    });
  });
});
