import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logId, parseCalendarDate, parseMachineUuid, parseTenantId, quote } from './ids.ts';
import { parseLogPath } from './log-path.ts';
import { unwrap } from '../result.ts';

const UUID = '835d8a70-06d3-4f6c-a8cd-bf720c6eea7b';

describe('parseMachineUuid', () => {
  it('takes any 8-4-4-4-12, versioned or not, and lowers it', () => {
    expect(parseMachineUuid(UUID)).toEqual({ ok: true, value: UUID });
    expect(parseMachineUuid(UUID.toUpperCase())).toEqual({ ok: true, value: UUID });
    expect(parseMachineUuid('00000000-0000-0000-0000-000000000000').ok).toBe(true);
  });

  it.each([
    'e5f6g7h8-0000-0000-0000-000000000000',
    UUID.slice(1),
    `${UUID}0`,
    `${UUID}\n`,
    ` ${UUID}`,
    `{${UUID}}`,
    UUID.replaceAll('-', ''),
    '..',
    '',
    null,
    42,
    { toString: () => UUID },
  ])('refuses %j', (text) => {
    expect(parseMachineUuid(text)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });
});

describe('parseTenantId', () => {
  it.each(['default', 'acme', 'a', '0', 'acme-corp-2', 'x'.repeat(63)])('takes %j', (text) => {
    expect(parseTenantId(text)).toEqual({ ok: true, value: text });
  });

  it.each(['', '-acme', 'acme-', 'Acme', 'a_b', 'a.b', 'a/b', '../x', 'x'.repeat(64), 'ä', 'a\n', null])(
    'refuses %j',
    (text) => {
      expect(parseTenantId(text)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    },
  );
});

describe('parseCalendarDate', () => {
  it('takes exactly the days that the calendar has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (y, m, d) => {
          const text = `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
          const date = new Date(0);
          date.setUTCFullYear(y, m - 1, d);
          const exists =
            date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
          expect(parseCalendarDate(text).ok, text).toBe(exists);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    '2026-02-30',
    '2025-02-29',
    '1900-02-29',
    '2026-1-6',
    '2026-01-06T00:00',
    ' 2026-01-06',
    '0000-01-01',
    '٢٠٢٦-٠١-٠٦',
    null,
  ])('refuses %j', (text) => {
    expect(parseCalendarDate(text)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });

  it.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('takes %s', (text) => {
    expect(parseCalendarDate(text)).toEqual({ ok: true, value: text });
  });
});

describe('logId', () => {
  it('joins machine and path', () => {
    expect(logId(unwrap(parseMachineUuid(UUID)), unwrap(parseLogPath('a/b.md')))).toBe(`${UUID}/a/b.md`);
  });
});

describe('quote', () => {
  it('cuts and escapes, so that nothing in a message can act or mislead', () => {
    expect(quote('plain "x"')).toBe('"plain \\"x\\""');
    expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(77)}…"`);
    expect(quote('x'.repeat(100), 10)).toBe(`"${'x'.repeat(7)}…"`);
    expect(quote('\u001b[2J\u009b2J\u202e\u2028\u200b')).toBe('"\\u001b[2J\\u009b2J\\u202e\\u2028\\u200b"');
    expect(quote(42)).toBe('"number"');
    expect(quote(undefined)).toBe('"undefined"');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(quote(text)),
      ),
      { numRuns: 2000 },
    );
  });
});
