import { type AppError, fail } from '../../shared/app-error.ts';
import { parseCalendarDate, type CalendarDate } from '../../shared/domain/ids.ts';
import { dayFromNumber, dayNumber } from '../../shared/format/time.ts';
import { ok, type Result } from '../../shared/result.ts';

const AGO = /^(\d{1,4})(d|w)$/;

/**
 * Parses a day as people type it: `2026-01-05`, `today`, `yesterday`, `7d` (seven days ago), `2w`.
 * @param option the option it was given with, for the message
 * @param today the person's current day
 */
export function parseDayWord(option: string, text: string, today: string): Result<CalendarDate, AppError> {
  const word = text.trim().toLowerCase();
  if (word === 'today') return ok(today as CalendarDate);
  if (word === 'yesterday') return ok(daysBefore(today, 1));
  const ago = AGO.exec(word);
  if (ago) return ok(daysBefore(today, Number(ago[1]) * (ago[2] === 'w' ? 7 : 1)));
  const day = parseCalendarDate(text.trim());
  if (day.ok) return day;
  return fail(
    'usage',
    `--${option} does not take "${text.slice(0, 40)}".`,
    'Give a day as YYYY-MM-DD, today, yesterday, or how long ago: 7d, 2w.',
  );
}

function daysBefore(today: string, days: number): CalendarDate {
  return dayFromNumber(dayNumber(today) - days) as CalendarDate;
}
