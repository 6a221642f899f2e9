import { appError, type AppError } from '../app-error.ts';
import { quote, type CalendarDate } from './ids.ts';
import { err, ok, type Result } from '../result.ts';

/** An instant as written in one time zone. */
export interface ZonedTime {
  /** Local calendar day, as in file names. */
  readonly date: CalendarDate;
  /** `HH:MM`, 24 hours. */
  readonly time: string;
  /** `2026-06-05T10:03:00.000-07:00`: local time and instant in one. */
  readonly local: string;
  /** `2026-06-05T17:03:00.000Z` */
  readonly utc: string;
}

/** Locales whose English names for some zones are the locally used abbreviations. */
const LABEL_LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'en-NZ'];

/**
 * Converts an instant to a time zone.
 * @param epochMs the instant, epoch milliseconds
 * @param zone IANA name, e.g. `America/Los_Angeles`; empty for the machine's own
 * @returns `not-configured` when no such zone exists
 */
export function zonedTime(epochMs: number, zone: string): Result<ZonedTime, AppError> {
  const wall = zone === '' ? ownWallTime(epochMs) : wallTimeIn(epochMs, zone);
  if (wall === null) return err(noSuchZone(zone));
  const offset = offsetText(Math.round((wall - epochMs) / 60_000));
  // The wall clock time, written as if it were UTC.
  const reading = new Date(wall).toISOString();
  return ok({
    date: reading.slice(0, 10) as CalendarDate,
    time: reading.slice(11, 16),
    local: reading.slice(0, -1) + offset,
    utc: new Date(epochMs).toISOString(),
  });
}

/**
 * Returns the common name of a zone's clock at an instant: `PT`, `CET`, `UTC+05:45` where English has no name.
 * @param zone as for {@link zonedTime}; `UTC` for an unknown one
 */
export function zoneLabel(epochMs: number, zone: string): string {
  const own = zone === '' ? new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone : zone;
  if (/^(?:Etc\/)?(?:UTC|UCT|Zulu|Universal)$/i.test(own)) return 'UTC';
  const isAbbreviation = (text: string): boolean => /^[A-Z]{2,5}$/.test(text);
  const generic = zoneName(epochMs, own, 'en-US', 'shortGeneric');
  if (isAbbreviation(generic)) return generic;
  for (const locale of LABEL_LOCALES) {
    const short = zoneName(epochMs, own, locale, 'short');
    if (isAbbreviation(short)) return short;
  }
  const time = zonedTime(epochMs, zone);
  return time.ok ? `UTC${time.value.local.slice(23)}` : 'UTC';
}

/** Determines {@link zoneLabel} without asking Intl: equal keys have equal labels. */
export function zoneKey(epochMs: number, zone: string): string {
  // `GMT-0700 (Pacific Daylight Time)`, in the system's language.
  const said = /GMT.*$/.exec(new Date(epochMs).toString())?.[0] ?? '';
  if (zone === '') return said;
  const time = zonedTime(epochMs, zone);
  return `${zone} ${time.ok ? time.value.local.slice(23) : ''}`;
}

function zoneName(
  epochMs: number,
  timeZone: string,
  locale: string,
  style: 'short' | 'shortGeneric',
): string {
  try {
    const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: style });
    return format.formatToParts(epochMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
}

/**
 * The machine's own clock, as if it were UTC. Date knows it without Intl, whose first use costs a process 10 ms, much of a whole
 * save.
 */
function ownWallTime(epochMs: number): number {
  const at = new Date(epochMs);
  const day = Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return day + ((at.getHours() * 60 + at.getMinutes()) * 60 + at.getSeconds()) * 1_000 + at.getMilliseconds();
}

/** For the zone requested last: creating one takes far longer than using it, and a program has one zone. */
let lastClock: { readonly timeZone: string; readonly format: Intl.DateTimeFormat } | null = null;

function clockOf(timeZone: string): Intl.DateTimeFormat {
  if (lastClock?.timeZone === timeZone) return lastClock.format;
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
  });
  lastClock = { timeZone, format };
  return format;
}

function wallTimeIn(epochMs: number, timeZone: string): number | null {
  try {
    const found = clockOf(timeZone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, Number(value)] as const);
    const { year, month, day, hour, minute, second } = Object.fromEntries(found) as Record<string, number>;
    const millis = ((epochMs % 1_000) + 1_000) % 1_000;
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) + millis;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function noSuchZone(zone: string): AppError {
  return appError(
    'not-configured',
    `${quote(zone)} is not a time zone.`,
    'Name one as the IANA database does: `session-log config set app.timeZone America/Los_Angeles`.',
  );
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
