import { parseCalendarDate, type CalendarDate } from '../ids.ts';
import { monthOf } from './months.ts';

/** A day found in a text. */
export interface FoundDay {
  readonly date: CalendarDate;
  /** Offsets in the text it was found in. */
  readonly start: number;
  readonly end: number;
}

export interface FindDayOptions {
  /** Reads `05.01.2026` as the fifth of January, as languages that write dates with points do. Otherwise only when no other reading exists. */
  readonly pointsAreDayFirst?: boolean;
  /** Accepts `6/15/31`: only where a label announces a date. */
  readonly shortYears?: boolean;
}

/** Longer texts are scanned up to here: the date of a log comes early in its line. */
const LOOKED_AT = 600;
/** Years outside this range are ids, versions or typos: agents' logs are younger, and this program will not live as long. */
const [FIRST_YEAR, LAST_YEAR] = [1990, 2049];

const WORD = String.raw`\p{L}[\p{L}\p{M}]{1,13}`;
const GAP = String.raw`[\s\-_.,/]{0,3}`;
const OF = `(?:(?:of|de|del|di)${GAP})?`;
const NOT_AFTER = String.raw`(?<![\p{N}\p{L}])`;
const NOT_BEFORE = String.raw`(?![\p{N}])`;

type Reader = (match: RegExpMatchArray, options: FindDayOptions) => CalendarDate | null;

/** Every form, with the meaning of its groups. All quantifiers are bounded, so each is at most linear in the text. */
const FORMS: readonly (readonly [RegExp, Reader])[] = [
  // 2026-01-05, 2026_1_5, 2026/01/05, 2026.01.05; not a version (v2026.1.5, 2026.1.5)
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

/** Whether the text can contain a year: rules out most lines. */
const HAS_YEAR = /(?:19|20)\d\d/;

/**
 * Finds the unambiguous days in a text, in order; only the first if the text begins with it. Excludes ambiguous days (`03-04-2026`), days
 * that do not exist, versions, ids, addresses and hashes.
 * @param text a name, a heading, a value: at most 600 characters are scanned
 */
export function findDays(text: string, options: FindDayOptions = {}): readonly FoundDay[] {
  const short = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  const plain = /[^\x00-\x7f]/.test(short) ? withPlainDigits(short) : short;
  if (options.shortYears === true && !HAS_YEAR.test(plain)) return findShortDays(plain, options);
  if (!HAS_YEAR.test(plain)) return [];
  // Most texts with a day begin with it, so no later match can precede it.
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

/** True for a day on which a log of this program may have been written: hostile names and marks contain any year. */
export function isPlausibleDay(date: CalendarDate): boolean {
  const year = Number(date.slice(0, 4));
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}

/** Builds a day; null when it does not exist or is outside the accepted years. */
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
  // "5. 1. 2026" is written day first, and nobody writes the month first before a point.
  if (separator === '. ' || (separator === '.' && options.pointsAreDayFirst === true)) return dayFirst;
  const monthFirst = separator.startsWith('.') ? null : day(year, first, second);
  if (Number(first) <= 12 && Number(second) <= 12 && first !== second) return null;
  return dayFirst ?? monthFirst;
}

/** Replaces full-width digits and marks by plain ones, one for one, so that offsets are preserved. */
function withPlainDigits(text: string): string {
  return text.replaceAll(/[\uff0d-\uff19]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0));
}
