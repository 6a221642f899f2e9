import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from '../../../shared/domain/fold-text.ts';
import { unwrap } from '../../../shared/result.ts';
import { B, entry, newIndex, paths, put } from '../../testing/index-fixture.ts';
import { HIDDEN, PART } from './index-schema.ts';
import { matchExpression, searchedText } from './search-words.ts';

describe('foldText', () => {
  it.each([
    ['Fix the CACHE', 'fix the cache'],
    ['Überblick Zoë naïve', 'uberblick zoe naive'],
    ['Straße Øre Łódź Æther þing ılık', 'strasse ore lodz aether thing ilik'],
    ['İstanbul', 'istanbul'],
    ['ＦＵＬＬ　ｗｉｄｔｈ', 'full width'],
    ['a—b “c” …', 'a b  c  ...'],
    ['日本', ' 日  本 '],
    ['サーバー', ' サ  ー  ハ  ー '],
    ['ทำงาน', ' ท  า  ง  า  น '],
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
    ['fix', '("fix"*) NOT "\ue000"'],
    ['Fix  the fix', '("fix"* AND "the"*) NOT "\ue000"'],
    [
      'a OR b NEAR(c) NOT d',
      '("a"* AND "or"* AND "b"* AND "near"* AND "c"* AND "not"* AND "d"*) NOT "\ue000"',
    ],
    ['title:x "y* z^', '("title"* AND "x"* AND "y"* AND "z"*) NOT "\ue000"'],
    ['2026-01', '("2026"* AND "01"*) NOT "\ue000"'],
    // What marks the rows that are left out can neither be typed nor stand in a text.
    ['\ue000 \ue001', null],
  ])('makes of %j the query %j', (typed, expression) => {
    expect(matchExpression(typed, 'hidden')).toBe(expression);
  });

  it('leaves out other rows for a list of files', () => {
    expect(matchExpression('fix', 'parts')).toBe('("fix"*) NOT "\ue001"');
    expect(searchedText(['a\ue001', null, 'b\ue000'], 0)).toBe('a   b ');
    expect(searchedText(['a'], HIDDEN | PART)).toBe('a \ue000 \ue001');
  });

  it('stays short whatever is typed', () => {
    expect(matchExpression('x'.repeat(1_000_000), 'hidden')).toBe(`("${'x'.repeat(64)}"*) NOT "\ue000"`);
    const many = Array.from({ length: 500 }, (_, at) => `w${at}`).join(' ');
    expect(matchExpression(many, 'hidden')?.split(' AND ')).toHaveLength(24);
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

  it.each([
    ['Thai', 'บันทึกการทำงานประจำวัน', 'ทำงาน', 'งานทำ'],
    ['Lao', 'ບັນທຶກການເຮັດວຽກປະຈໍາວັນ', 'ເຮັດວຽກ', 'ວຽກເຮັດ'],
    ['Khmer', 'កំណត់ហេតុការងារប្រចាំថ្ងៃ', 'ការងារ', 'ងារការ'],
    ['Burmese', 'နေ့စဉ်အလုပ်မှတ်တမ်း', 'အလုပ်', 'လုပ်အ'],
    ['Japanese', '決済の再試行をサーバーで直す', 'サーバー', '直試'],
    ['Chinese', '修复支付重试的日志', '支付', '付支'],
  ])(
    'find a log by %s inside a title that has no spaces, in its order',
    async (_script, title, inside, turned) => {
      const index = newIndex();
      await put(index, B, [entry('a.md', { title }), entry('b.md', { title: 'Payments' })]);
      expect(await paths(index, { text: inside })).toEqual(['a.md']);
      expect(await paths(index, { text: `${inside} ${title.slice(0, 2)}` })).toEqual(['a.md']);
      expect(await paths(index, { text: turned })).toEqual([]);
    },
  );

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
