import { describe, expect, it } from 'vitest';
import type { NewsReport } from '../domain/news.ts';
import { isNothingNew, lookedWhen, newsCounts, newsLine } from './news-words.ts';

/** Friday, 20 November 2026, 17:40 in Berlin. */
const FRIDAY = Date.UTC(2026, 10, 20, 16, 40);
const ZONE = 'Europe/Berlin';
const log = {} as NewsReport['logs'][number];

function report(change: Partial<NewsReport>): NewsReport {
  return {
    reader: 'hal',
    since: FRIDAY,
    from: FRIDAY,
    logs: [],
    more: false,
    notes: 0,
    tasks: 0,
    look: { upTo: FRIDAY, seen: {} },
    ...change,
  };
}

describe('words for what is new', () => {
  it('count what there is, and leave out what there is none of', () => {
    expect(newsCounts(report({ logs: [log], notes: 2 }))).toBe('1 new log, 2 notes');
    expect(newsCounts(report({ tasks: 1 }))).toBe('1 task');
    expect(newsCounts(report({ logs: [log, log], more: true }))).toBe('2 new logs and more');
    expect(newsCounts(report({}))).toBe('');
  });

  it('know when nothing is new', () => {
    expect(isNothingNew(report({}))).toBe(true);
    expect(isNothingNew(report({ tasks: 1 }))).toBe(false);
  });

  it.each([
    ['2026-11-20', 'today 17:40'],
    ['2026-11-21', 'yesterday 17:40'],
    ['2026-11-23', 'Friday 17:40'],
    ['2026-11-27', '20 Nov 2026, 17:40'],
    // A clock that was set back since.
    ['2026-11-19', '20 Nov 2026, 17:40'],
  ])('name the last look on %s as %s', (today, words) => {
    expect(lookedWhen(FRIDAY, today, ZONE)).toBe(words);
  });

  it('are one line, also for somebody who never looked', () => {
    expect(newsLine(report({ notes: 1 }), '2026-11-23', ZONE)).toBe('1 note since Friday');
    expect(newsLine(report({ notes: 1 }), '2026-11-20', ZONE)).toBe('1 note since today 17:40');
    expect(newsLine(report({ notes: 1 }), '2026-11-21', ZONE)).toBe('1 note since yesterday');
    expect(newsLine(report({ notes: 1 }), '2026-12-21', ZONE)).toBe('1 note since 20 Nov');
    expect(newsLine(report({ notes: 1, since: null }), '2026-11-23', ZONE)).toBe('1 note in the last 7 days');
  });
});
