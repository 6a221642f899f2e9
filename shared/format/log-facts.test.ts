import { describe, expect, it } from 'vitest';
import type { CalendarDate } from '../domain/ids.ts';
import { isOnlyInWorkspace, rowFacts, sessionTime } from './log-facts.ts';

const date = '2026-11-29' as CalendarDate;

describe('sessionTime', () => {
  it('is the session’s own, in the reader’s zone', () => {
    expect(sessionTime({ date, time: Date.UTC(2026, 10, 29, 13, 5) }, 'Europe/Berlin')).toBe('14:05');
  });

  it('is none where nothing says it', () => {
    expect(sessionTime({ date, time: null }, 'Europe/Berlin')).toBeNull();
  });

  it('is none where it falls on another day than the row', () => {
    expect(sessionTime({ date, time: Date.UTC(2026, 10, 28, 22, 59) }, 'Europe/Berlin')).toBeNull();
    expect(sessionTime({ date, time: Date.UTC(2026, 10, 29, 23, 30) }, 'Europe/Berlin')).toBeNull();
  });
});

describe('isOnlyInWorkspace', () => {
  it('tells a log that only a workspace has from one that a machine lists as well', () => {
    expect(isOnlyInWorkspace({ place: 'workspace', copies: 0 })).toBe(true);
    expect(isOnlyInWorkspace({ place: 'workspace', copies: 1 })).toBe(false);
    expect(isOnlyInWorkspace({ place: 'local', copies: 0 })).toBe(false);
  });
});

describe('rowFacts', () => {
  const row = { author: null, user: 'hal', project: 'harbor', client: 'norte', host: 'hal-mbp' };

  it('names the person, what it is about and the machine', () => {
    expect(rowFacts({ ...row, author: 'Hal Casteel' }, { host: true })).toBe(
      'Hal Casteel · harbor · hal-mbp',
    );
    expect(rowFacts(row, { host: false })).toBe('hal · harbor');
  });

  it('leaves out what is not known', () => {
    expect(rowFacts({ ...row, user: null, project: null, client: null }, { host: true })).toBe('hal-mbp');
  });
});
