/** Times of day in a zone, for pauses until tomorrow and for quiet hours. */

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * Minutes since midnight on the wall clock.
 * @param at epoch milliseconds
 * @param timeZone IANA name
 */
export function minuteOfDay(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return part('hour') * 60 + part('minute');
}

/**
 * The next wall-clock occurrence of this minute of the day, strictly after `at`. If a clock change skips it, the first minute after the
 * gap.
 */
export function nextMinuteOfDay(at: number, minute: number, timeZone: string): number {
  const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const ahead = (minute - minuteOfDay(at, timeZone) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const guess = start + ahead * MINUTE_MS;
  // The clocks may have changed in between: correct to the actual wall time.
  const off = minuteOfDay(guess, timeZone) - minute;
  const wrapped =
    off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off < -DAY_MINUTES / 2 ? off + DAY_MINUTES : off;
  const repaired = guess - wrapped * MINUTE_MS;
  return repaired > at ? repaired : guess;
}

/**
 * When the present quiet hours end; null when it is not quiet.
 * @param quietHours `HH:MM-HH:MM`, or empty for none; may span midnight
 */
export function quietUntil(at: number, quietHours: string, timeZone: string): number | null {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(quietHours);
  if (!match) return null;
  const [from, to] = [Number(match[1]) * 60 + Number(match[2]), Number(match[3]) * 60 + Number(match[4])];
  const now = minuteOfDay(at, timeZone);
  const quiet = from <= to ? now >= from && now < to : now >= from || now < to;
  return quiet ? nextMinuteOfDay(at, to, timeZone) : null;
}
