import { describe, expect, it } from 'vitest';
import { dayNumber, dayText } from './day-number.ts';

describe('days as numbers', () => {
  it.each([
    ['2026-01-06', 20_260_106],
    ['0001-01-01', 10_101],
    ['9999-12-31', 99_991_231],
  ])('%s is %d, and back', (date, day) => {
    expect(dayNumber(date)).toBe(day);
    expect(dayText(day)).toBe(date);
  });

  it.each(['', '2026-1-6', '20260106', '2026-01-06\n', ' 2026-01-06', '２０２６-01-06', '2026-01-06T'])(
    '%j is none',
    (date) => expect(dayNumber(date)).toBeNull(),
  );
});
