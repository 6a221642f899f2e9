import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, plural } from './amount.ts';
import {
  ago,
  clockTime,
  dateTime,
  dayFromNumber,
  dayHeading,
  dayNumber,
  dayOf,
  longDay,
  shortDay,
  span,
  until,
} from './time.ts';
import { visibleLine, visibleText } from './visible-text.ts';

const NOW = Date.UTC(2026, 0, 6, 12, 0, 0);
const SECOND = 1_000;
const [MINUTE, HOUR, DAY] = [60 * SECOND, 3_600 * SECOND, 86_400 * SECOND];

describe('time', () => {
  it('knows the day of an instant by the zone', () => {
    const late = Date.UTC(2026, 0, 6, 23, 30);
    expect(dayOf(late, 'UTC')).toBe('2026-01-06');
    expect(dayOf(late, 'Asia/Tokyo')).toBe('2026-01-07');
    expect(dayOf(late, 'America/Los_Angeles')).toBe('2026-01-06');
  });

  it('counts days across leap days and back', () => {
    expect(dayNumber('2024-03-01') - dayNumber('2024-02-28')).toBe(2);
    expect(dayFromNumber(dayNumber('2026-12-31') + 1)).toBe('2027-01-01');
  });

  it('writes days', () => {
    expect(longDay('2026-01-06')).toBe('Tuesday, 6 January 2026');
    expect(shortDay('2026-01-06', '2026-05-01')).toBe('6 Jan');
    expect(shortDay('2025-01-06', '2026-05-01')).toBe('6 Jan 2025');
  });

  it.each([
    ['2026-01-06', 'Today'],
    ['2026-01-05', 'Yesterday'],
    ['2026-01-02', 'Friday'],
    ['2026-01-07', 'Tomorrow'],
    ['2026-01-08', 'Thu, 8 January'],
    ['2025-12-30', 'Tue, 30 December 2025'],
  ])('heads %s with %s', (day, heading) => {
    expect(dayHeading(day, '2026-01-06')).toBe(heading);
  });

  it('writes clock times in a zone, midnight as 00', () => {
    expect(clockTime(Date.UTC(2026, 0, 6), 'UTC')).toBe('00:00');
    expect(clockTime(NOW, 'America/Los_Angeles')).toBe('04:00');
    expect(dateTime(NOW, 'UTC')).toBe('6 Jan 2026, 12:00');
  });

  it.each([
    [0, 'just now'],
    [44 * SECOND, 'just now'],
    [4 * MINUTE, '4 min ago'],
    [3 * HOUR, '3 h ago'],
    [DAY, '1 day ago'],
    [13 * DAY, '13 days ago'],
    [20 * DAY, '3 weeks ago'],
    [200 * DAY, '7 months ago'],
    [1_000 * DAY, '3 years ago'],
    [-5 * MINUTE, 'just now'],
  ])('%s ms ago is %s', (ms, text) => {
    expect(ago(NOW - ms, NOW)).toBe(text);
  });

  it('says when something is due', () => {
    expect(until(NOW, NOW)).toBe('now');
    expect(until(NOW + 30 * SECOND, NOW)).toBe('in 30 s');
    expect(span(90 * MINUTE)).toBe('2 h');
  });
});

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 KB'],
    [9_949, '9.9 KB'],
    [9_960, '10 KB'],
    [999_499, '999 KB'],
    [999_500, '1.0 MB'],
    [10_000_000, '10 MB'],
    [3.2e15, '3200 TB'],
    [-5, '0 B'],
  ])('%s bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('counts with words', () => {
    expect(formatCount(100_000)).toBe('100,000');
    expect(plural(1, 'log')).toBe('1 log');
    expect(plural(0, 'log')).toBe('0 logs');
    expect(plural(2, 'entry', 'entries')).toBe('2 entries');
  });
});

describe('visible text', () => {
  it('shows what would act on its surroundings', () => {
    expect(visibleLine('a\u202eb\nc')).toBe('a<U+202E>b c');
    expect(visibleText('a\nb\u{e0041}')).toBe('a\nb<U+E0041>');
  });

  it('leaves ordinary text alone', () => {
    for (const text of ['Zoë', '日本語', 'שלום', '👩‍💻', 'a–b']) expect(visibleText(text)).toBe(text);
  });
});
