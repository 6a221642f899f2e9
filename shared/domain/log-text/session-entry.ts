const ENTRY_HEADING =
  /^(?:(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)? ?(?:Z|[+-]\d{2}:?\d{2})) )?(?:[-\u2013\u2014] )?session entry\b/i;
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(?:(Z)|([+-]\d{2}):?(\d{2}))/i;

/** True for the heading of a session entry in a daily log, without its `## `: `2026-06-05T09:00:00Z - Session Entry`. */
export function isSessionEntry(title: string): boolean {
  return ENTRY_HEADING.test(title);
}

/** Returns the time in a session entry's heading, epoch milliseconds; null when it has none. */
export function entryTime(title: string): number | null {
  return readMoment(ENTRY_HEADING.exec(title)?.[1] ?? '');
}

/**
 * Parses a time with an offset (`2026-06-05T10:03:00.000-07:00`) to epoch milliseconds; null for any other text: without an offset it is
 * not an instant.
 */
export function readMoment(text: string): number | null {
  const match = MOMENT.exec(text.trim());
  if (!match) return null;
  const [, day = '', minutes = '', seconds = '00', fraction = '', utc, hours = '', rest = ''] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const at = Date.parse(`${day}T${minutes}:${seconds}.${milliseconds}${utc ? 'Z' : `${hours}:${rest}`}`);
  return Number.isNaN(at) ? null : at;
}
