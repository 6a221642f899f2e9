import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { B, entry, newIndex, paths, put } from '../../testing/index-fixture.ts';
import { foldText, matchExpression } from './search-words.ts';

describe('foldText', () => {
  it.each([
    ['Fix the CACHE', 'fix the cache'],
    ['Überblick Zoë naïve', 'uberblick zoe naive'],
    ['Straße Øre Łódź Æther þing ılık', 'strasse ore lodz aether thing ilik'],
    ['İstanbul', 'istanbul'],
    ['ＦＵＬＬ　ｗｉｄｔｈ', 'full width'],
    ['a—b “c” …', 'a b  c  ...'],
    ['日本', ' 日  本 '],
  ])('brings %j to %j', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it('is the same when done twice', () => {
    const words = (text: string): string[] => text.split(' ').filter(Boolean);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(words(foldText(foldText(text)))).toEqual(words(foldText(text)));
      }),
    );
  });
});

describe('matchExpression', () => {
  it.each([
    ['', null],
    [' \t ', null],
    ['"()*^:-+', null],
    ['fix', '"fix"*'],
    ['Fix  the fix', '"fix"* "the"*'],
    ['a OR b NEAR(c) NOT d', '"a"* "or"* "b"* "near"* "c"* "not"* "d"*'],
    ['title:x "y* z^', '"title"* "x"* "y"* "z"*'],
    ['2026-01', '"2026"* "01"*'],
  ])('makes of %j the query %j', (typed, expression) => {
    expect(matchExpression(typed)).toBe(expression);
  });

  it('stays short whatever is typed', () => {
    expect(matchExpression('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(64)}"*`);
    const many = Array.from({ length: 500 }, (_, at) => `w${at}`).join(' ');
    expect(matchExpression(many)?.split(' ')).toHaveLength(24);
  });
});

describe('words that are typed', () => {
  it('find a log by the beginning of every word of it, and by nothing else', async () => {
    const index = newIndex();
    const path = 'projects/Nordlicht/session-logs/2026-01-05-hal-fix-cache.md';
    await put(
      index,
      B,
      [entry(path, { title: 'Größere Dächer 東京', author: 'Hal Ødegård' }), entry('other.md')],
      {
        host: 'Studio-7.example.net',
      },
    );
    for (const text of [
      'gross',
      'GRÖSSERE',
      'groß',
      'dach',
      'ode hal',
      'nord',
      '京',
      '東京',
      'stud 7',
      'exam',
      '2026 05',
      'hal-fix',
      'cache.md',
    ])
      expect(await paths(index, { text }), text).toContain(path);
    for (const text of ['rosse', 'acher', 'ordlicht', 'gross zzz', '北', 'fixx'])
      expect(await paths(index, { text }), text).not.toContain(path);
    expect(await paths(index, { text: 'hal ca' })).toEqual([path]);
  });

  it('are never a mistake', async () => {
    const index = newIndex();
    await put(index, B, [entry('a.md')]);
    const hostile = [
      '"',
      `'`,
      '""',
      '*',
      'a*',
      '^a',
      'a AND',
      'NOT',
      'NEAR(',
      '{',
      'text:',
      '-',
      '\\',
      '\0',
      'a\0b',
      '\ud800',
      '\u202e',
      '%',
      ';--',
      'NEAR(a b, 2)',
    ];
    for (const text of hostile) unwrap(await index.page({ text }));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        unwrap(await index.page({ text }));
        unwrap(await index.groups({ text, groupBy: 'machine' }));
      }),
      { numRuns: 300 },
    );
  });

  it('find a log by any word of its title', async () => {
    const index = newIndex();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), async (title) => {
        await put(index, B, [entry('a.md', { title })]);
        for (const word of title.split(/\s+/)) expect(await paths(index, { text: word })).toEqual(['a.md']);
      }),
      { numRuns: 200 },
    );
  });
});
