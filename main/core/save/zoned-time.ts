import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote, type CalendarDate } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';

/** One instant as people in one time zone write it. */
export interface ZonedTime {
  /** Local calendar day: what file names carry. */
  readonly date: CalendarDate;
  /** `HH:MM`, 24 hours. */
  readonly time: string;
  /** `PT`, `CET`, `UTC+05:45`: what people there call their clock. */
  readonly label: string;
  /** `2026-06-05T10:03:00.000-07:00`: the local reading and the instant in one. */
  readonly local: string;
  /** `2026-06-05T17:03:00.000Z` */
  readonly utc: string;
  /** IANA name. */
  readonly zone: string;
}

/** Locales whose English names some zones by the abbreviation their people use. */
const LABEL_LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'en-NZ'];

/**
 * Reads an instant in a time zone.
 * @param epochMs the instant, epoch milliseconds
 * @param zone IANA name, e.g. `America/Los_Angeles`; empty for the machine's own
 * @returns `not-configured` when no such zone exists
 */
export function zonedTime(epochMs: number, zone: string): Result<ZonedTime, AppError> {
  const name = zone === '' ? new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone : zone;
  const parts = readParts(epochMs, name);
  if (parts === null) {
    return err(
      appError(
        'not-configured',
        `${quote(zone)} is not a time zone.`,
        'Name one as the IANA database does: `session-log config set app.timeZone America/Los_Angeles`.',
      ),
    );
  }
  const { year, month, day, hour, minute, second } = parts;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const seconds = Math.floor(epochMs / 1_000) * 1_000;
  const offset = offsetText(Math.round((wall - seconds) / 60_000));
  const millis = String(epochMs - seconds).padStart(3, '0');
  return ok({
    date: `${year}-${month}-${day}` as CalendarDate,
    time: `${hour}:${minute}`,
    label: labelOf(epochMs, name, parts.timeZoneName, offset),
    local: `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${offset}`,
    utc: new Date(epochMs).toISOString(),
    zone: name,
  });
}

type Parts = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'timeZoneName', string>;

function readParts(epochMs: number, timeZone: string): Parts | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'shortGeneric',
    });
    const found = format.formatToParts(epochMs).map(({ type, value }) => [type, value] as const);
    const parts = Object.fromEntries(found) as Parts;
    return { ...parts, year: parts.year.padStart(4, '0') };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function labelOf(epochMs: number, timeZone: string, generic: string, offset: string): string {
  if (/^(?:Etc\/)?(?:UTC|UCT|Zulu|Universal)$/i.test(timeZone)) return 'UTC';
  const isAbbreviation = (text: string): boolean => /^[A-Z]{2,5}$/.test(text);
  if (isAbbreviation(generic)) return generic;
  for (const locale of LABEL_LOCALES) {
    const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
    const short = format.formatToParts(epochMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
    if (isAbbreviation(short)) return short;
  }
  return `UTC${offset}`;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
