import { localDay } from '../sync/describe-log.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const TOKEN = /\{\{day([+-]\d{1,3})?\}\}/g;

/**
 * Puts real days in the place of `{{day-3}}` (three days ago) in a sample's name or text, so that the samples are of these weeks
 * whenever somebody looks at them. In file names the token is written `DAY-3`.
 * @param today epoch milliseconds
 */
export function fillDays(text: string, today: number): string {
  return text.replaceAll(TOKEN, (_token, offset: string | undefined) => dayFrom(today, Number(offset ?? 0)));
}

/** The same for a path: `DAY-3-mara-x.md` -> `2026-01-03-mara-x.md`. */
export function fillDaysInPath(path: string, today: number): string {
  return path.replaceAll(/DAY([+-]\d{1,3})?/g, (_token, offset: string | undefined) =>
    dayFrom(today, Number(offset ?? 0)),
  );
}

function dayFrom(today: number, offset: number): string {
  return localDay(today + offset * DAY_MS);
}
