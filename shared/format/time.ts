/** Human-readable dates and times. English words, 24-hour clock: the same text on every machine, whatever its locale. */

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', options);
  formats.set(key, made);
  return made;
}

/**
 * Returns the calendar day of an instant in a zone, `YYYY-MM-DD`.
 * @param at epoch milliseconds
 * @param timeZone IANA name
 */
export function dayOf(at: number, timeZone: string): string {
  const parts = format(`day:${timeZone}`, {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at);
  const get = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${get('year').padStart(4, '0')}-${get('month')}-${get('day')}`;
}

/** A calendar day as the number of days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

/** The inverse of {@link dayNumber}. */
export function dayFromNumber(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

// Our own names instead of Intl's, whose commas differ between the runtimes the app is built for.
function named(day: string): { readonly weekday: string; readonly date: number; readonly month: string } {
  const [, month, date] = day.split('-').map(Number);
  // 1970-01-01 was a Thursday.
  const weekday = WEEKDAYS[(((dayNumber(day) + 4) % 7) + 7) % 7] ?? '';
  return { weekday, date: date ?? 0, month: MONTHS[(month ?? 1) - 1] ?? '' };
}

/** `Tuesday, 6 January 2026` */
export function longDay(day: string): string {
  const { weekday, date, month } = named(day);
  return `${weekday}, ${date} ${month} ${day.slice(0, 4)}`;
}

/** `6 Jan`, or `6 Jan 2025` outside the year of `today`. */
export function shortDay(day: string, today: string): string {
  const { date, month } = named(day);
  return `${date} ${month.slice(0, 3)}${otherYear(day, today)}`;
}

/** A heading for a day: `Tomorrow` (a colleague to the east), `Today`, `Yesterday`, `Tuesday` within the past week, else `Tue, 6 January`, with the year if it differs. */
export function dayHeading(day: string, today: string): string {
  const { weekday, date, month } = named(day);
  const ago = dayNumber(today) - dayNumber(day);
  if (ago === -1) return 'Tomorrow';
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  if (ago > 1 && ago < 7) return weekday;
  return `${weekday.slice(0, 3)}, ${date} ${month}${otherYear(day, today)}`;
}

function otherYear(day: string, today: string): string {
  return day.slice(0, 4) === today.slice(0, 4) ? '' : ` ${day.slice(0, 4)}`;
}

/** `Jan` */
export function monthName(day: string): string {
  return named(day).month.slice(0, 3);
}

/** `14:02` in a zone. */
export function clockTime(at: number, timeZone: string): string {
  return format(`time:${timeZone}`, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** `6 Jan 2026, 14:02` in a zone. */
export function dateTime(at: number, timeZone: string): string {
  const day = dayOf(at, timeZone);
  return `${shortDay(day, '')}, ${clockTime(at, timeZone)}`;
}

/** Elapsed time, in the largest whole unit: `just now`, `4 min ago`, `3 h ago`, `2 days ago`, `5 weeks ago`, `2 years ago`. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (past < 45_000) return 'just now';
  return `${span(past)} ago`;
}

/** Remaining time, like {@link ago}: `now`, `in 4 min`. */
export function until(at: number, now: number): string {
  const left = at - now;
  return left < 1_000 ? 'now' : `in ${span(left)}`;
}

/** A duration in its largest whole unit: `12 s`, `4 min`, `3 h`, `2 days`. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `${hours} h`;
  const days = Math.round(hours / 24);
  if (days < 14) return days === 1 ? '1 day' : `${days} days`;
  if (days < 61) return `${Math.round(days / 7)} weeks`;
  if (days < 730) return `${Math.round(days / 30.4)} months`;
  return `${Math.round(days / 365.25)} years`;
}
