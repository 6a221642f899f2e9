import { expect, it } from 'vitest';
import { parseDayWord } from './day-words.ts';

const day = (text: string): unknown => {
  const read = parseDayWord('from', text, '2026-03-01');
  return read.ok ? read.value : read.error.code;
};

it('reads days as people type them', () => {
  expect(day('today')).toBe('2026-03-01');
  expect(day('Yesterday')).toBe('2026-02-28');
  expect(day('7d')).toBe('2026-02-22');
  expect(day('2w')).toBe('2026-02-15');
  expect(day('0d')).toBe('2026-03-01');
  expect(day('2026-01-05')).toBe('2026-01-05');
});

it('refuses what is no day, with the forms that are', () => {
  for (const text of ['', 'tomorrow', '2026-02-30', '7', '-7d', '05.01.2026', '9999999d'])
    expect(day(text)).toBe('usage');
  const refused = parseDayWord('from', 'soon', '2026-03-01');
  expect(refused).toMatchObject({
    ok: false,
    error: { message: '--from does not take "soon".', remedy: expect.stringContaining('7d') },
  });
});
