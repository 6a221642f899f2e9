import type { NewsReport } from '../domain/news.ts';
import { en } from '../i18n/en.ts';
import { clockTime, dateTime, dayHeading, dayNumber, dayOf, shortDay } from './time.ts';

/** True when nothing arrived. */
export function isNothingNew(report: NewsReport): boolean {
  return report.logs.length + report.notes + report.tasks === 0;
}

/** `14 new logs, 2 notes, 3 tasks`, without zero counts; empty when nothing arrived. */
export function newsCounts(report: NewsReport): string {
  const { logs, notes, tasks, more } = report;
  return [
    logs.length === 0 ? '' : en.news.logs(logs.length, more),
    notes === 0 ? '' : en.news.notes(notes),
    tasks === 0 ? '' : en.news.tasks(tasks),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/**
 * Formats when a person last looked: `today 17:40`, `Friday 17:40`, `3 Oct 2026, 17:40`.
 * @param at epoch milliseconds
 * @param today the reader's day
 * @param timeZone IANA name of the reader's zone
 */
export function lookedWhen(at: number, today: string, timeZone: string): string {
  const day = dayOf(at, timeZone);
  const time = clockTime(at, timeZone);
  const days = dayNumber(today) - dayNumber(day);
  if (days === 0) return en.news.today(time);
  if (days === 1) return en.news.yesterday(time);
  return days > 1 && days < 7 ? `${dayHeading(day, today)} ${time}` : dateTime(at, timeZone);
}

/** Summarizes the news in one short line: `14 new logs, 2 notes since Friday`; with the time of day only for today. */
export function newsLine(report: NewsReport, today: string, timeZone: string): string {
  const counts = newsCounts(report);
  return report.since === null
    ? en.news.lineWeek(counts)
    : en.news.lineSince(counts, lookedDay(report.since, today, timeZone));
}

function lookedDay(at: number, today: string, timeZone: string): string {
  const day = dayOf(at, timeZone);
  const days = dayNumber(today) - dayNumber(day);
  if (days === 0) return lookedWhen(at, today, timeZone);
  if (days === 1) return en.news.dayBefore;
  return days > 1 && days < 7 ? dayHeading(day, today) : shortDay(day, today);
}
