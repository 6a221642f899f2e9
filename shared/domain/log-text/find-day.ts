import { parseCalendarDate, type CalendarDate } from '../ids.ts';
import { monthOf } from './months.ts';

/** A day as it stands in a piece of text. */
export interface FoundDay {
  readonly date: CalendarDate;
  /** Offsets in the text it was found in. */
  readonly start: number;
  readonly end: number;
}

export interface FindDayOptions {
  /** `05.01.2026` is the fifth of January: so say the languages that write dates with points. Without it only where no other reading exists. */
  readonly pointsAreDayFirst?: boolean;
  /** `6/15/31` is a day too: only where a label says that a day stands there. */
  readonly shortYears?: boolean;
}

/** Longer texts are looked at up to here: a day that says when a log was written stands early in its line. */
const LOOKED_AT = 600;
/** Logs of agents are younger and days of this program's life are not later; what is outside is an id, a version or a slip. */
const [FIRST_YEAR, LAST_YEAR] = [1990, 2049];

const WORD = String.raw`\p{L}[\p{L}\p{M}]{1,13}`;
const GAP = String.raw`[\s\-_.,/]{0,3}`;
const OF = `(?:(?:of|de|del|di)${GAP})?`;
const NOT_AFTER = String.raw`(?<![\p{N}\p{L}])`;
const NOT_BEFORE = String.raw`(?![\p{N}])`;

type Reader = (match: RegExpMatchArray, options: FindDayOptions) => CalendarDate | null;

/** Every form, with what its groups mean. All quantifiers are bounded, so each costs the length of the text at most. */
const FORMS: readonly (readonly [RegExp, Reader])[] = [
  // 2026-01-05, 2026_1_5, 2026/01/05, 2026.01.05; a version (v2026.1.5, 2026.1.5) is none
  [/(?<!\d|\d[.:]|(?<!\p{L})v)(\d{4})([-_/ ])(\d{1,2})\2(\d{1,2})(?!\d)/giu, (m) => day(m[1], m[3], m[4])],
  [/(?<!\d|\d[.:]|(?<!\p{L})v)(\d{4})\.(\d{2})\.(\d{2})(?!\d|\.\d)/giu, (m) => day(m[1], m[2], m[3])],
  // 20260105, also with a time: 20260105T0930, 202601050930, 20260105-093000; never the first group of a UUID, nor part of a hash
  [
    /(?<![\p{N}\p{L}]|\d[.:-])(\d{4})(\d{2})(\d{2})(?:[T_-]?([01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{3})?)?Z?)?(?![\p{N}\p{L}]|-[0-9a-f]{4}-[0-9a-f]{4}-|\.\d)/giu,
    (m) => day(m[1], m[2], m[3]),
  ],
  // log20260105
  [
    /(?<!\p{L})(?:log|session|sessionlog|devlog|daily|diary|journal|notes?)(\d{4})-?(\d{2})-?(\d{2})(?![\p{N}\p{L}])/giu,
    (m) => day(m[1], m[2], m[3]),
  ],
  // 2026年1月5日, 2026년 1월 5일
  [/(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})(?!\d)/giu, (m) => day(m[1], m[2], m[3])],
  // 05-Jan-2026, 5. Januar 2026, 5 de enero de 2026, 5th of January, 2026, 5.-6. January 2026
  [
    new RegExp(
      `${NOT_AFTER}(\\d{1,2})(?:st|nd|rd|th|er|º|ª)?(?:\\.?\\s?[-\u2013]\\s?\\d{1,2})?${GAP}${OF}(${WORD})${GAP}${OF}(\\d{4})${NOT_BEFORE}`,
      'giu',
    ),
    (m) => day(m[3], monthOf(m[2] ?? ''), m[1]),
  ],
  // January 5, 2026, Jan-05-2026, January 5-6, 2026
  [
    new RegExp(
      `(?<![\\p{L}\\p{M}])(${WORD})${GAP}(\\d{1,2})(?:st|nd|rd|th)?(?:\\s?[-\u2013]\\s?\\d{1,2}(?=[,\\s]))?[\\s\\-_.,]{1,3}(\\d{4})${NOT_BEFORE}`,
      'giu',
    ),
    (m) => day(m[3], monthOf(m[1] ?? ''), m[2]),
  ],
  // 2026-Jan-05, 2026 January 5
  [
    new RegExp(`${NOT_AFTER}(\\d{4})${GAP}(${WORD})${GAP}(\\d{1,2})(?:st|nd|rd|th)?${NOT_BEFORE}`, 'giu'),
    (m) => day(m[1], monthOf(m[2] ?? ''), m[3]),
  ],
  // 29-11-2026 and 11/29/2026, where only one reading is a day
  [
    /(?<!\d|\d[.:/-])(\d{1,2})([-/_.]\s?)(\d{1,2})\2(\d{4})(?!\d|[./-]\d)/giu,
    (m, options) => dayOrMonthFirst(m[1], m[3], m[4], m[2] ?? '', options),
  ],
];

const BEGINS = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/;

const SHORT_YEAR = /(?<![\d./-])(\d{1,2})(\/)(\d{1,2})\2(\d{2})(?![\d./-])/g;

/** Whether anything in the text could be a year: most lines are answered here. */
const HAS_YEAR = /(?:19|20)\d\d/;

/**
 * Finds the days that stand in a text without doubt, in their order; one alone when the text begins with it. `03-04-2026` may be two days and is none; so are days that do not
 * exist, versions, ids, addresses and hashes.
 * @param text a name, a heading, a value: at most 600 characters of it are looked at
 */
export function findDays(text: string, options: FindDayOptions = {}): readonly FoundDay[] {
  const short = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  const plain = /[^\x00-\x7f]/.test(short) ? withPlainDigits(short) : short;
  if (options.shortYears === true && !HAS_YEAR.test(plain)) return findShortDays(plain, options);
  if (!HAS_YEAR.test(plain)) return [];
  // Most texts that hold a day begin with it, and nothing behind it stands before it.
  const first = BEGINS.exec(plain);
  const begun = first ? day(first[1], first[2], first[3]) : null;
  if (begun !== null) return [{ date: begun, start: 0, end: 10 }];
  const found: FoundDay[] = [];
  for (const [form, read] of FORMS) {
    for (const match of plain.matchAll(form)) {
      const date = read(match, options);
      if (date !== null) found.push({ date, start: match.index, end: match.index + match[0].length });
    }
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

function findShortDays(text: string, options: FindDayOptions): readonly FoundDay[] {
  return [...text.matchAll(SHORT_YEAR)].flatMap((match) => {
    const date = dayOrMonthFirst(match[1], match[3], `20${match[4] ?? ''}`, match[2] ?? '', options);
    return date === null ? [] : [{ date, start: match.index, end: match.index + match[0].length }];
  });
}

/** True for a day that a log of this program can have been written on: names and marks of hostile logs say any year. */
export function isPlausibleDay(date: CalendarDate): boolean {
  const year = Number(date.slice(0, 4));
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}

/** Puts a day together; null when there is no such day, or not in the years that logs are of. */
export function day(
  year: string | undefined,
  month: string | number | undefined,
  dayOfMonth: string | undefined,
): CalendarDate | null {
  const parsed = parseCalendarDate(
    `${year ?? ''}-${String(month ?? '').padStart(2, '0')}-${(dayOfMonth ?? '').padStart(2, '0')}`,
  );
  return parsed.ok && isPlausibleDay(parsed.value) ? parsed.value : null;
}

function dayOrMonthFirst(
  first: string | undefined,
  second: string | undefined,
  year: string | undefined,
  separator: string,
  options: FindDayOptions,
): CalendarDate | null {
  const dayFirst = day(year, second, first);
  // "5. 1. 2026" is written by people who put the day first, and nobody puts the month first before a point.
  if (separator === '. ' || (separator === '.' && options.pointsAreDayFirst === true)) return dayFirst;
  const monthFirst = separator.startsWith('.') ? null : day(year, first, second);
  if (Number(first) <= 12 && Number(second) <= 12 && first !== second) return null;
  return dayFirst ?? monthFirst;
}

/** Full-width digits and marks as plain ones; every character stays one character, so that offsets do. */
function withPlainDigits(text: string): string {
  return text.replaceAll(/[\uff0d-\uff19]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0));
}
