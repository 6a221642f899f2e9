import { describe, expect, it } from 'vitest';
import type { CalendarDate, LogId, LogPath } from '../domain/ids.ts';
import { isDailyFile, logTitle, type TitleFacts } from './log-title.ts';

const MACHINE = 'a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d';
const facts = (change: Partial<Omit<TitleFacts, 'path'>> & { readonly path: string }): TitleFacts => ({
  id: `${MACHINE}/${change.path}` as LogId,
  title: null,
  topic: null,
  kind: 'session',
  date: '2026-11-29' as CalendarDate,
  ...change,
  path: change.path as LogPath,
});

describe('logTitle', () => {
  it.each([
    ['Payment retries', 'Payment retries'],
    ['Session Log: Payment retries', 'Payment retries'],
    ['SESSION LOG — Payment retries', 'Payment retries'],
    ['Session-Log - Payment retries', 'Payment retries'],
    ['Session logging in the worker', 'Session logging in the worker'],
  ])('of "%s" is "%s"', (title, wanted) => {
    expect(logTitle(facts({ path: '2026-11-29-hal-x.md', title }))).toBe(wanted);
  });

  it('is the topic where the title says only what it is and when', () => {
    const row = facts({
      path: '2026-11-29-hal-dns-move.md',
      title: 'Session Log: 2026-11-29',
      topic: 'dns-move',
    });
    expect(logTitle(row)).toBe('Dns move');
    expect(logTitle({ ...row, title: 'Session Log:' })).toBe('Dns move');
  });

  it('is the name of the file where nothing else says more', () => {
    expect(logTitle(facts({ path: '2026-01/thoughts.md', kind: 'other' }))).toBe('thoughts.md');
  });

  it('is the name of the file for one that speaks of the logs', () => {
    expect(logTitle(facts({ path: '2026-01/README.md', kind: 'other', title: 'Read me' }))).toBe('README.md');
  });

  it('of a daily log is its day, whatever its first heading says', () => {
    const row = facts({
      path: '2026-11/SESSION-LOG-2026-11-29.md',
      kind: 'daily',
      title: '2026-11-29T02:50:19.932Z - Session Entry',
    });
    expect(logTitle(row)).toBe('Daily log, 29 Nov');
    expect(isDailyFile(row)).toBe(true);
  });

  it('of a session in a daily log is its own', () => {
    const path = '2026-11/SESSION-LOG-2026-11-29.md';
    const row = facts({
      path,
      kind: 'daily',
      title: 'Payment retries',
      id: `${MACHINE}/${path}#entry-2` as LogId,
    });
    expect(logTitle(row)).toBe('Payment retries');
    expect(isDailyFile(row)).toBe(false);
  });
});
