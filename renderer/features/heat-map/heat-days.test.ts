import { describe, expect, it } from 'vitest';
import type { CalendarDate, MachineUuid } from '../../../shared/domain/ids.ts';
import { dayNumber } from '../../../shared/format/time.ts';
import { arrange, mondayOf, rangeOf } from './heat-days.ts';

const count = (date: string, logs: number, machine = 'a') => ({
  machine: machine as MachineUuid,
  date: date as CalendarDate,
  logs,
});

describe('the calendar of activity', () => {
  it('starts weeks on Monday', () => {
    expect(mondayOf(dayNumber('2026-01-06'))).toBe(dayNumber('2026-01-05'));
    expect(mondayOf(dayNumber('2026-01-11'))).toBe(dayNumber('2026-01-05'));
    expect(mondayOf(dayNumber('2026-01-12'))).toBe(dayNumber('2026-01-12'));
    expect(rangeOf('2026-01-06', 2)).toEqual({ from: '2025-12-29', to: '2026-01-11' });
  });

  it('adds machines up and leaves the future out', () => {
    const weeks = arrange(
      [count('2026-01-05', 2), count('2026-01-05', 3, 'b')],
      '2025-12-29',
      2,
      '2026-01-06',
    );
    expect(weeks.map((week) => week.days.length)).toEqual([7, 2]);
    expect(weeks[1]?.days[0]).toMatchObject({ day: '2026-01-05', logs: 5 });
    expect(weeks[0]?.month).toBe('Jan');
    expect(weeks[1]?.month).toBeNull();
  });

  it('does not let one busy day make all others look idle', () => {
    const counts = Array.from({ length: 40 }, (_, at) =>
      count(`2026-0${1 + Math.floor(at / 28)}-${String((at % 28) + 1).padStart(2, '0')}`, 4),
    );
    const weeks = arrange([...counts, count('2026-02-20', 5_000)], '2025-12-29', 9, '2026-03-01');
    const levels = weeks
      .flatMap((week) => week.days)
      .filter((day) => day.logs === 4)
      .map((day) => day.level);
    expect(new Set(levels)).toEqual(new Set([4]));
  });

  it('shows a day without logs as none, and any log as some', () => {
    const weeks = arrange([count('2026-01-05', 100), count('2026-01-06', 1)], '2026-01-05', 1, '2026-01-11');
    expect(weeks[0]?.days.map((day) => day.level)).toEqual([4, 1, 0, 0, 0, 0, 0]);
  });
});
