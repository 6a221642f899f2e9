import { describe, expect, it } from 'vitest';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { SearchHit, SearchRung } from '../../../shared/domain/search-answer.ts';
import { anyPattern, findAll } from '../../ui/markdown/find.ts';
import { layOutHits, markedWords, typedWords } from './hit-rows.ts';

const hit = (id: string, rung: SearchRung, more: readonly string[] = []): SearchHit =>
  ({
    id,
    rung,
    more: more.map((one) => ({ id: one, title: one, line: 1 })),
    snippets: [],
  }) as unknown as SearchHit;

describe('rows of hits', () => {
  it('stand under their rungs, with what is unfolded under a hit', () => {
    const hits = [hit('a', 'phrase', ['a1', 'a2']), hit('b', 'all', ['b1']), hit('c', 'all')];
    const { rows, sections } = layOutHits(hits, new Set(['a', 'c'] as LogId[]));
    expect(rows.map(({ id, open }) => [id, open])).toEqual([
      ['a', true],
      ['a1', false],
      ['a2', false],
      ['b', false],
      ['c', false],
    ]);
    expect(sections.map(({ rung, count }) => [rung, count])).toEqual([
      ['phrase', 3],
      ['all', 2],
    ]);
  });
});

describe('words to be marked in the log', () => {
  it('are those that the hit has marked, each once', () => {
    const snippets = [
      {
        line: 1,
        section: null,
        text: 'Retry the retry queue',
        marks: [
          [0, 5],
          [10, 15],
          [16, 21],
        ] as const,
      },
    ];
    expect(markedWords({ snippets })).toEqual(['retry', 'queue']);
  });

  it('are those of the question after a reload: no fields, no operators, nothing that is left out', () => {
    expect(typedWords('retr* OR "the queue" -mail user:ana section:"To do" https://x.example')).toEqual([
      'retr',
      'the queue',
      'https://x.example',
    ]);
  });

  it('are found whole or with an ending, wherever a word begins', () => {
    const pattern = anyPattern(['retry', 'go', 'a+b']) as RegExp;
    const text = 'Retrying, a retry; go, gone, ago. a+b';
    expect(findAll(text, pattern).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Retry',
      'retry',
      'go',
      'a+b',
    ]);
    expect(anyPattern([' ', ''])).toBeNull();
  });
});
