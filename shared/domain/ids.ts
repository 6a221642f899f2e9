import { type AppError, fail } from '../app-error.ts';
import { ok, type Result } from '../result.ts';
import { dayNumber } from './day-number.ts';

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Lower-case 8-4-4-4-12 hexadecimal. ADR-058 derives it from a SHA-256, so it is not a versioned RFC 9562 UUID. */
export type MachineUuid = Branded<string, 'MachineUuid'>;
/** The `<t>` of `tenant-<t>/`: the team that shares a store. */
export type TenantId = Branded<string, 'TenantId'>;
/** A path relative to `session-logs/`, `/`-separated, safe to write below a folder on any platform. */
export type LogPath = Branded<string, 'LogPath'>;
/** `<machine-uuid>/<relative path>`: identifies one log across the team. */
export type LogId = Branded<string, 'LogId'>;
/** An existing calendar day, `YYYY-MM-DD`. */
export type CalendarDate = Branded<string, 'CalendarDate'>;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const TENANT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// JSON escapes code points below U+0020, quotes and lone surrogates; these remain.
const UNSEEN = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Parses a machine UUID; accepts upper case, returns lower case. */
export function parseMachineUuid(text: unknown): Result<MachineUuid, AppError> {
  const lower = typeof text === 'string' ? text.toLowerCase() : '';
  if (UUID.test(lower)) return ok(lower as MachineUuid);
  return fail(
    'invalid-input',
    `${quote(text)} is not a machine UUID.`,
    'A machine UUID has the form 8-4-4-4-12 hexadecimal digits; `session-log machines` lists them.',
  );
}

/** Parses a tenant id: 1 to 63 of `a-z 0-9 -`, starting and ending with a letter or digit. */
export function parseTenantId(text: unknown): Result<TenantId, AppError> {
  if (typeof text === 'string' && TENANT.test(text)) return ok(text as TenantId);
  return fail(
    'invalid-input',
    `${quote(text)} is not a tenant id.`,
    'Use 1 to 63 lower-case letters, digits and dashes, e.g. `session-log config set store.tenant acme`.',
  );
}

/** Parses `YYYY-MM-DD`; rejects days that do not exist (2026-02-30). */
export function parseCalendarDate(text: unknown): Result<CalendarDate, AppError> {
  const number = typeof text === 'string' ? dayNumber(text) : null;
  if (number !== null) {
    const year = Math.floor(number / 10_000);
    const month = Math.floor(number / 100) % 100;
    const day = number % 100;
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const last = month === 2 && !leap ? 28 : (DAYS[month - 1] ?? 0);
    if (year >= 1 && day >= 1 && day <= last) return ok(text as CalendarDate);
  }
  return fail(
    'invalid-input',
    `${quote(text)} is not a day of the calendar.`,
    'Write the day as YYYY-MM-DD, e.g. 2026-01-06.',
  );
}

/** Builds the id of a log from its machine and path. */
export function logId(machine: MachineUuid, path: LogPath): LogId {
  return `${machine}/${path}` as LogId;
}

/**
 * Quotes a hostile value for a message: truncated to `longest` characters, with controls, direction marks and line separators
 * escaped, so that it can neither act on a terminal nor pass for something else.
 */
export function quote(value: unknown, longest = 80): string {
  const text = typeof value === 'string' ? value : typeof value;
  const short = text.length > longest ? `${text.slice(0, longest - 3)}…` : text;
  return JSON.stringify(short).replaceAll(
    UNSEEN,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
