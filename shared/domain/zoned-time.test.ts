import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { unwrap } from '../result.ts';
import { zonedTime, zoneKey, zoneLabel } from './zoned-time.ts';

const ZONES = [
  'UTC',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
];
const before = process.env['TZ'];
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

describe('time in a zone', () => {
  it.each(ZONES)("the machine's own clock in %s reads what the zone reads", (zone) => {
    process.env['TZ'] = zone;
    const instants = fc
      .date({ min: new Date('1972-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map(Number);
    fc.assert(
      fc.property(instants, (at) => {
        const named = unwrap(zonedTime(at, zone));
        expect(unwrap(zonedTime(at, ''))).toEqual(named);
        expect(Date.parse(named.local)).toBe(at);
        expect(named.utc).toBe(new Date(at).toISOString());
      }),
      { numRuns: 200 },
    );
    expect(zoneLabel(0, '')).toBe(zoneLabel(0, zone));
  });

  it('has a name people use, where there is one', () => {
    const at = Date.UTC(2026, 0, 5);
    const labels = [
      'America/Los_Angeles',
      'America/Phoenix',
      'America/New_York',
      'Europe/London',
      'Europe/Berlin',
      'Australia/Sydney',
      'Asia/Kolkata',
      'Africa/Johannesburg',
      'UTC',
      'Asia/Kathmandu',
      'Nowhere/X',
    ];
    expect(labels.map((zone) => zoneLabel(at, zone))).toEqual([
      'PT',
      'MST',
      'ET',
      'GMT',
      'CET',
      'AEDT',
      'IST',
      'SAST',
      'UTC',
      'UTC+05:45',
      'UTC',
    ]);
    expect(zoneLabel(Date.UTC(2026, 6, 5), 'Europe/London')).toBe('BST');
  });

  it('has one name for each key, by which it may be remembered', () => {
    const names = new Map<string, Set<string>>();
    for (const zone of ZONES) {
      process.env['TZ'] = zone;
      for (let month = 0; month < 12; month++) {
        const at = Date.UTC(2026, month, 15);
        for (const asked of ['', zone]) {
          const key = zoneKey(at, asked);
          names.set(key, (names.get(key) ?? new Set()).add(zoneLabel(at, asked)));
        }
      }
    }
    expect([...names].filter(([, labels]) => labels.size !== 1)).toEqual([]);
    expect(names.size).toBeGreaterThan(ZONES.length);
  });

  it('is refused for a zone that does not exist', () => {
    expect(zonedTime(0, 'Mars/Olympus')).toMatchObject({ ok: false, error: { code: 'not-configured' } });
  });
});
