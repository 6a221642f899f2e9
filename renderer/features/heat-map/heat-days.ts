import type { DayCount } from '../../../shared/domain/log-query.ts';
import { dayFromNumber, dayNumber, monthName } from '../../../shared/format/time.ts';

/** One day of the calendar. */
export interface HeatDay {
  readonly day: string;
  readonly logs: number;
  /** 0 (none) to 4. */
  readonly level: number;
}

/** Weeks of days, Monday first; days after the last one are absent. */
export interface HeatWeek {
  /** Monday of the week. */
  readonly start: string;
  /** Shown above the week in which a month begins; null elsewhere. */
  readonly month: string | null;
  readonly days: readonly HeatDay[];
}

/** Monday of a day's week, as a day number. 1970-01-01 was a Thursday. */
export function mondayOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7);
}

/** The days of the last `weeks` weeks up to and including that of `last`. */
export function rangeOf(last: string, weeks: number): { readonly from: string; readonly to: string } {
  const monday = mondayOf(dayNumber(last));
  return { from: dayFromNumber(monday - (weeks - 1) * 7), to: dayFromNumber(monday + 6) };
}

/**
 * Arranges counts in weeks. Levels are quarters of the 95th percentile of active days, so that a single day of a migration does
 * not make all others look idle.
 * @param counts sessions per day; a day may occur more than once
 * @param from a Monday
 * @param weeks how many
 * @param lastDay days after it are omitted
 */
export function arrange(
  counts: readonly Pick<DayCount, 'date' | 'logs'>[],
  from: string,
  weeks: number,
  lastDay: string,
): HeatWeek[] {
  const byDay = new Map<string, number>();
  for (const { date, logs } of counts) byDay.set(date, (byDay.get(date) ?? 0) + logs);
  const busy = [...byDay.values()].filter((logs) => logs > 0).sort((a, b) => a - b);
  const high = Math.max(1, busy[Math.ceil((busy.length - 1) * 0.95)] ?? 1);
  const levelOf = (logs: number): number =>
    logs === 0 ? 0 : Math.min(4, Math.max(1, Math.ceil((logs / high) * 4)));
  const first = dayNumber(from);
  const last = dayNumber(lastDay);
  return Array.from({ length: weeks }, (_, week) => {
    const monday = first + week * 7;
    const days: HeatDay[] = [];
    for (let number = monday; number < monday + 7 && number <= last; number++) {
      const day = dayFromNumber(number);
      const logs = byDay.get(day) ?? 0;
      days.push({ day, logs, level: levelOf(logs) });
    }
    const start = dayFromNumber(monday);
    const firstOfMonth = days.find(({ day }) => day.endsWith('-01'));
    return { start, month: firstOfMonth ? monthName(firstOfMonth.day) : null, days };
  });
}
