import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../main/testing/processor-time.ts';
import type { CalendarDate } from './ids.ts';
import { nearest, parseSearch } from './parse-search.ts';
import type { SearchQuestion } from './search-question.ts';

const read = (typed: string): SearchQuestion => parseSearch(typed, '2026-06-15' as CalendarDate);
const words = (typed: string): string[][] => read(typed).groups.map((group) => group.map(({ text }) => text));

describe('the words of a question', () => {
  it('are taken one by one, joined by OR, quoted, with a star, and left out with a minus', () => {
    expect(words('retry queue')).toEqual([['retry'], ['queue']]);
    expect(words('retry OR queue | mail ledger')).toEqual([['retry', 'queue', 'mail'], ['ledger']]);
    expect(read('"retry queue" led* -mail -"old gate"')).toMatchObject({
      groups: [
        [{ text: 'retry queue', exact: true, prefix: false }],
        [{ text: 'led*', exact: false, prefix: true }],
      ],
      without: [
        { text: 'mail', exact: false },
        { text: 'old gate', exact: true },
      ],
    });
  });

  it('stay words where they only look like operators', () => {
    expect(words('OR retry')).toEqual([['OR'], ['retry']]);
    expect(words('std::vector http://x.org/a 12:30 C:\\temp')).toEqual([
      ['std::vector'],
      ['http://x.org/a'],
      ['12:30'],
      ['C:\\temp'],
    ]);
    expect(read('a b').explanations).toEqual([]);
    expect(words('NOT (retry AND "')).toEqual([['NOT'], ['(retry'], ['AND']]);
  });

  it('are none where there is neither letter nor digit', () => {
    expect(words('\u{1f642} !! -- * ""')).toEqual([]);
  });

  it('need three letters before a star, and it is said', () => {
    expect(read('re*')).toMatchObject({ groups: [[{ text: 're*', prefix: false }]] });
    expect(read('re*').explanations[0]).toContain('at least 3 letters');
  });
});

describe('the fields of a question', () => {
  it('take a value, a quoted one, and a star', () => {
    expect(read('machine:harbor -user:"Ana Ruiz" project:atl* has:notes is:mine').filters).toEqual([
      { field: 'machine', value: 'harbor', prefix: false, not: false },
      { field: 'user', value: 'Ana Ruiz', prefix: false, not: true },
      { field: 'project', value: 'atl', prefix: true, not: false },
      { field: 'mark', value: 'has:note', not: false },
      { field: 'mark', value: 'is:mine', not: false },
    ]);
  });

  it.each([
    ['date:2026-01-05', '2026-01-05', '2026-01-05'],
    ['date:2026-02', '2026-02-01', '2026-02-28'],
    ['date:2025', '2025-01-01', '2025-12-31'],
    ['date:yesterday', '2026-06-14', '2026-06-14'],
    ['date:2026-01-05..2026-01-09', '2026-01-05', '2026-01-09'],
    ['before:2026-03', null, '2026-02-28'],
    ['after:7d', '2026-06-09', null],
    ['since:2025-12-30 before:2026-02-01', '2025-12-31', '2026-01-31'],
  ])('%s is from %s to %s', (typed, from, to) => {
    expect(read(typed)).toMatchObject({ from, to, groups: [] });
  });

  it('that do not exist are words, with the nearest name', () => {
    expect(read('projct:atlas')).toMatchObject({ groups: [[{ text: 'projct:atlas' }]] });
    expect(read('projct:atlas').explanations).toEqual([
      'projct: is no field; did you mean project:? It was searched as words.',
    ]);
    expect(read('has:colour').explanations[0]).toContain('has:note');
    expect(read('date:2026-02-30').explanations[0]).toContain('is no day');
    expect(nearest('zzzzzz', ['user'])).toBeNull();
  });
});

describe('hostile questions', () => {
  it('are bounded: a hundred kilobytes are read by their beginning, and of many words the first', () => {
    expect(read('x'.repeat(100_000))).toMatchObject({ groups: [[{ text: 'x'.repeat(200) }]] });
    expect(read('word '.repeat(20_000)).groups).toHaveLength(32);
    expect(read('word '.repeat(20_000)).explanations.join()).toContain('first 32 words');
  });

  it('are read in a time that grows with their length only', () => {
    const before = processorTime();
    for (const part of ['"', '-', 'a:', '-"', 'OR ', 'a:"', '*', '..', '\u{1f642}'])
      read(part.repeat(100_000));
    expect(processorTime() - before).toBeLessThan(2_000);
  });

  it('never fail, whatever stands in them', () => {
    const piece = fc.constantFrom(
      '"',
      '-',
      'user:',
      'date:',
      'x',
      ' ',
      '*',
      'OR',
      '(',
      ')',
      '2026',
      '..',
      'has:',
      '\0',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { groups } = read(pieces.join(''));
        expect(groups.every((group) => group.length > 0)).toBe(true);
      }),
    );
  });
});
