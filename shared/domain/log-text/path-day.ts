import type { CalendarDate } from '../ids.ts';
import { day, findDays } from './find-day.ts';

/**
 * Finds the day in a log's file name, in any unambiguous form; the first if there are several (`2026-01-05-to-2026-01-09`). The two current
 * forms are read more cheaply by `parseLogName`.
 * @param path relative path; its folders are ignored
 */
export function dayInName(path: string): CalendarDate | null {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:md|markdown)$/i, '');
  return findDays(file)[0]?.date ?? null;
}

/** Finds the day in the folders of a path: `2026-01-05/`, `2026/01/05/`, `2026/January/5/`. The innermost wins. */
export function dayInFolders(path: string): CalendarDate | null {
  const cut = path.lastIndexOf('/');
  if (cut === -1) return null;
  const folders = path.slice(0, cut).split('/').slice(-6);
  for (let last = folders.length; last > 0; last--) {
    const whole = findDays(folders[last - 1] ?? '')[0];
    if (whole) return whole.date;
    const [year = '', month = '', dayOfMonth = ''] = folders.slice(Math.max(0, last - 3), last);
    const inThree = last >= 3 ? threeFolders(year, month, dayOfMonth) : null;
    if (inThree !== null) return inThree;
    const [yearMonth = '', two = ''] = folders.slice(Math.max(0, last - 2), last);
    const inTwo = last >= 2 ? (MONTH_FOLDER.exec(yearMonth) ?? null) : null;
    if (inTwo && /^\d{2}$/.test(two)) {
      const date = day(inTwo[1], inTwo[2], two);
      if (date !== null) return date;
    }
  }
  return null;
}

/**
 * Finds the day that month folder and file name only give together: `2026-01/05-mara.md`, `2026/01/05.md`, `2026/01-05-mara.md`. The number
 * may count files instead, so an unambiguous day in the text takes precedence.
 */
export function dayInNameBelowFolder(path: string): CalendarDate | null {
  const parts = path.split('/');
  const file = (parts.at(-1) ?? '').replace(/\.(?:md|markdown)$/i, '');
  const [outer = '', inner = ''] = [parts.at(-3), parts.at(-2)];
  const number = /^(\d{2})(?![\d])/.exec(file)?.[1];
  const month = MONTH_FOLDER.exec(inner);
  if (month && number !== undefined) return day(month[1], month[2], number);
  const monthDay = /^(\d{2})[-_.](\d{2})(?!\d)/.exec(file);
  if (monthDay && YEAR_FOLDER.test(inner)) return day(inner, monthDay[1], monthDay[2]);
  if (number !== undefined && YEAR_FOLDER.test(outer)) return threeFolders(outer, inner, number);
  return null;
}

const YEAR_FOLDER = /^\d{4}$/;
const MONTH_FOLDER = /^(\d{4})[-_.]?(\d{2})(?:[-_. ]\p{L}+)?$/u;

function threeFolders(year: string, month: string, dayOfMonth: string): CalendarDate | null {
  if (!YEAR_FOLDER.test(year)) return null;
  if (/^\d{1,2}$/.test(month) && /^\d{1,2}$/.test(dayOfMonth)) return day(year, month, dayOfMonth);
  // `2026/January/05`, `2026/01-January/05`
  const name = /^(?:\d{1,2}[-_. ]{1,3})?(\p{L}+)$/u.exec(month)?.[1];
  const found = name === undefined ? undefined : findDays(`${dayOfMonth} ${name} ${year}`)[0];
  return /^\d{1,2}$/.test(dayOfMonth) ? (found?.date ?? null) : null;
}
