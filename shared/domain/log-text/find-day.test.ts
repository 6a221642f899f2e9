import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../../main/testing/processor-time.ts';
import { findDays, type FindDayOptions } from './find-day.ts';
import { dayInFolders, dayInName, dayInNameBelowFolder } from './path-day.ts';

const first = (text: string, options?: FindDayOptions): string | null =>
  findDays(text, options)[0]?.date ?? null;

describe('a day in a text', () => {
  it.each([
    ['2031-03-09', 'in figures, the year first'],
    ['2031-3-9', 'without zeros'],
    ['2031_03_09', 'with underscores'],
    ['2031/03/09', 'with slashes'],
    ['2031.03.09', 'with points'],
    ['2031 03 09', 'with spaces'],
    ['20310309', 'without anything between'],
    ['20310309T0930', 'with a time behind'],
    ['203103090930', 'with a time grown to it'],
    ['20310309-093015', 'with seconds'],
    ['2031-03-09T09-30-00Z', 'as programs write moments'],
    ['worklog of 2031-03-09b', 'with the letter of a second session'],
    ['09-Mar-2031', 'with the month in English'],
    ['9th of March, 2031', 'in an English sentence'],
    ['Mar 9, 2031', 'as Americans write it'],
    ['March 9-11, 2031', 'where days of one month begin'],
    ['2031-mar-09', 'with the month between'],
    ['9. März 2031', 'in German'],
    ['9. marca 2031', 'in Slovak'],
    ['9. března 2031', 'in Czech'],
    ['9 marca 2031 r.', 'in Polish'],
    ['9 марта 2031 г.', 'in Russian'],
    ['9 березня 2031', 'in Ukrainian'],
    ['9 mars 2031', 'in French'],
    ['9 de marzo de 2031', 'in Spanish'],
    ['9 de março de 2031', 'in Portuguese'],
    ['9 Mart 2031', 'in Turkish'],
    ['2031年3月9日', 'in Japanese and Chinese'],
    ['２０３１年０３月０９日', 'in full-width figures'],
    ['2031년 3월 9일', 'in Korean'],
    ['9. 3. 2031', 'with points and spaces'],
  ])('is read from %j (%s)', (text) => {
    expect(first(text)).toBe('2031-03-09');
  });

  it.each([
    ['31/12/2031', '2031-12-31'],
    ['12-31-2031', '2031-12-31'],
    ['31.12.2031', '2031-12-31'],
    ['05/05/2031', '2031-05-05'],
  ])('is %j where only one reading is a day', (text, date) => {
    expect(first(text)).toBe(date);
  });

  it.each([
    ['03-04-2031', 'may be two days'],
    ['03/04/2031', 'may be two days'],
    ['03.04.2031', 'may be two days, unless the language is known'],
    ['2031-02-29', 'does not exist'],
    ['2031-13-01', 'does not exist'],
    ['31 June 2031', 'does not exist'],
    ['20311301', 'does not exist'],
    ['9999-12-31', 'is of no time in which logs are written'],
    ['2050-01-01', 'is of no time in which logs are written'],
    ['0001-01-01', 'is of no time in which logs are written'],
    ['v2031.03.09', 'is a version'],
    ['2031.3.9', 'is a version'],
    ['2031.03.09.4', 'is a version'],
    ['1.2031-03-09', 'is a version'],
    ['10.20.31.03', 'is an address'],
    ['20310309-1a2b-4c3d-8e9f-0123456789ab', 'begins a UUID'],
    ['a20310309f', 'is in a hash'],
    ['deadbeef20310309', 'is in a hash'],
    ['120310309', 'is a number'],
    ['CVE-2031-0309', 'is an id'],
    ['2031-03', 'is a month'],
    ['March 2031', 'is a month'],
    ['2031-W10', 'is a week'],
    ['9 Quark 2031', 'has no month'],
  ])('is not read from %j, which %s', (text) => {
    expect(findDays(text)).toEqual([]);
  });

  it('puts the day first before points where the language does so', () => {
    expect(first('03.04.2031', { pointsAreDayFirst: true })).toBe('2031-04-03');
  });

  it('stands where it was found', () => {
    const text = 'from 2031-03-09 to 11 March 2031';
    expect(findDays(text).map(({ date, start, end }) => [date, text.slice(start, end)])).toEqual([
      ['2031-03-09', '2031-03-09'],
      ['2031-03-11', '11 March 2031'],
    ]);
  });

  it('is a day of the calendar whatever comes, and costs no more than the text is long', () => {
    const piece = fc.constantFrom(
      '2031',
      '03',
      '9',
      '-',
      '.',
      '/',
      ' ',
      'T',
      'März',
      'may',
      '年',
      '月',
      'v',
      'of ',
      '\u0000',
      '10',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        for (const { date, start, end } of findDays(text)) {
          expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
    const before = processorTime();
    for (const part of ['2031-', '2031 a', '9 ', 'may ', '- ', '2', 'v']) findDays(part.repeat(2_000_000));
    expect(processorTime() - before).toBeLessThan(2_000);
  });
});

describe('a day in a path', () => {
  it.each([
    '2031-03-09.md',
    '2031-03-09_mail.md',
    '2031-03-09-0915.md',
    '2031-03-09 ana mail.md',
    '20310309_0915_codex_mail.md',
    'SESSION_LOG_20310309.md',
    'SESSION-LOG-2031-03-09-night.md',
    'session-17-2031-03-09.md',
    'log20310309.md',
    '09-Mar-2031.md',
    'notes/2031-03-09-to-2031-03-12.md',
    '2030-01-01/2031-03-09.md',
  ])('%s has it in its name', (path) => {
    expect(dayInName(path)).toBe('2031-03-09');
  });

  it.each([
    '2031/03/09/evening.md',
    '2031/3/9/evening.md',
    '2031-03-09/evening.md',
    'logs/2031-03/09/evening.md',
    '2031/March/09/evening.md',
    '2031/03-March/09/evening.md',
    '2030-01-01/2031-03-09/evening.md',
  ])('%s has it in its folders', (path) => {
    expect([dayInName(path), dayInFolders(path)]).toEqual([null, '2031-03-09']);
  });

  it.each(['2031-03/09-ana.md', '2031/03/09.md', '2031/03-09-ana.md', '2031-03 March/09.md'])(
    '%s has it in both together, which a number of files may look like',
    (path) => {
      expect([dayInName(path), dayInFolders(path), dayInNameBelowFolder(path)]).toEqual([
        null,
        null,
        '2031-03-09',
      ]);
    },
  );

  it.each([
    'mail.md',
    '03-09.md',
    '2031-03/mail.md',
    '2031-03/099.md',
    '2031/13/09.md',
    'projects/2031/x.md',
    '',
  ])('%j has none', (path) => {
    expect([dayInName(path), dayInFolders(path), dayInNameBelowFolder(path)]).toEqual([null, null, null]);
  });
});
