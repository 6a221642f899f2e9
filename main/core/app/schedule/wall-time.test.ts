import { describe, expect, it } from 'vitest';
import { minuteOfDay, nextMinuteOfDay, quietUntil } from './wall-time.ts';

const iso = (text: string): number => Date.parse(text);

describe('times on the wall', () => {
  it('are those of the zone', () => {
    expect(minuteOfDay(iso('2026-01-06T23:30:00Z'), 'Europe/Berlin')).toBe(30);
    expect(minuteOfDay(iso('2026-01-06T00:00:00Z'), 'UTC')).toBe(0);
  });

  it('come next today or tomorrow, never now', () => {
    expect(nextMinuteOfDay(iso('2026-01-06T05:59:30Z'), 360, 'UTC')).toBe(iso('2026-01-06T06:00:00Z'));
    expect(nextMinuteOfDay(iso('2026-01-06T06:00:00Z'), 360, 'UTC')).toBe(iso('2026-01-07T06:00:00Z'));
    expect(nextMinuteOfDay(iso('2026-01-06T20:00:00Z'), 360, 'UTC')).toBe(iso('2026-01-07T06:00:00Z'));
  });

  it('stay what the wall shows when the clocks are changed in the night', () => {
    // Berlin: on 29 March 2026 at 02:00 the clocks go forward, on 25 October at 03:00 back.
    expect(nextMinuteOfDay(iso('2026-03-28T21:00:00Z'), 420, 'Europe/Berlin')).toBe(
      iso('2026-03-29T05:00:00Z'),
    );
    expect(nextMinuteOfDay(iso('2026-10-24T20:00:00Z'), 420, 'Europe/Berlin')).toBe(
      iso('2026-10-25T06:00:00Z'),
    );
  });
});

describe('quiet hours', () => {
  it('hold over midnight and within a day', () => {
    expect(quietUntil(iso('2026-01-06T23:00:00Z'), '22:00-07:00', 'UTC')).toBe(iso('2026-01-07T07:00:00Z'));
    expect(quietUntil(iso('2026-01-06T06:59:59Z'), '22:00-07:00', 'UTC')).toBe(iso('2026-01-06T07:00:00Z'));
    expect(quietUntil(iso('2026-01-06T07:00:00Z'), '22:00-07:00', 'UTC')).toBeNull();
    expect(quietUntil(iso('2026-01-06T12:30:00Z'), '12:00-13:00', 'UTC')).toBe(iso('2026-01-06T13:00:00Z'));
    expect(quietUntil(iso('2026-01-06T13:00:00Z'), '12:00-13:00', 'UTC')).toBeNull();
  });

  it('are none when none are set', () => {
    expect(quietUntil(iso('2026-01-06T23:00:00Z'), '', 'UTC')).toBeNull();
    expect(quietUntil(iso('2026-01-06T23:00:00Z'), '22:00-22:00', 'UTC')).toBeNull();
  });
});
