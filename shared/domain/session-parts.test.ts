import { describe, expect, it } from 'vitest';
import type { CalendarDate } from './ids.ts';
import { SESSION_PART_LIMIT, type SessionPart } from './log-entry.ts';
import { isNoSession, isSessionId, joinId, partsOf, sessionOf } from './session-parts.ts';

function part(id: string, title: string | null = null): SessionPart {
  const date = '2026-01-05' as CalendarDate;
  return {
    id,
    title,
    date,
    time: null,
    author: null,
    user: null,
    project: null,
    client: null,
    line: 1,
    notes: 0,
  };
}

describe('ids of sessions', () => {
  it('are short and plain', () => {
    for (const id of ['a', '019a-7c', 'x.y_z:1@host+2', 'a'.repeat(128)]) expect(isSessionId(id)).toBe(true);
    for (const id of [
      '',
      '-a',
      'a b',
      'a#b',
      'a/b',
      'ä',
      'a\n',
      'a'.repeat(129),
      'x'.repeat(10_240),
      7,
      null,
    ])
      expect(isSessionId(id)).toBe(false);
  });

  it('join nothing that only counts the entries of one log', () => {
    expect([joinId('entry-1'), joinId('Entry-20'), joinId('x'.repeat(10_240)), joinId(null)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([joinId('entry'), joinId('entry-1a')]).toEqual(['entry', 'entry-1a']);
  });
});

describe('the sessions inside a log', () => {
  it('are there once each, the first of an id, and no more than the limit', () => {
    const { length } = partsOf({ parts: Array.from({ length: 10_000 }, (_, at) => part(`s${at}`)) });
    expect(length).toBe(SESSION_PART_LIMIT);
    expect(partsOf({ parts: [part('a', 'first'), part('b'), part('a', 'second')] })).toEqual([
      part('a', 'first'),
      part('b'),
    ]);
    expect(partsOf({ parts: [part('no id'), part('a')] })).toEqual([part('a')]);
    expect(partsOf({})).toEqual([]);
  });

  it.each([
    ['a daily log whose sessions are all rows', { sessions: 2, parts: [part('a'), part('b')] }, 'd.md', true],
    ['one with a session that is none', { sessions: 3, parts: [part('a'), part('b')] }, 'd.md', false],
    ['one with a session twice', { sessions: 2, parts: [part('a'), part('a')] }, 'd.md', false],
    ['a log without sessions', { sessions: 0, parts: [] }, 'd.md', false],
    ['a log that is one', { sessions: 1 }, 'd.md', false],
    ['a log without a day', { sessions: 1, dateFrom: 'file' }, '2026-01/notes.md', false],
    ['a README', { sessions: 1, dateFrom: 'file' }, 'projects/x/README.md', true],
    ['a template', { sessions: 1, dateFrom: 'file' }, 'template.md', true],
    ['a README that says a day', { sessions: 1 }, 'README.md', false],
    [
      'a template with the mark of a session',
      { sessions: 1, dateFrom: 'file', session: 'abc' },
      'template.md',
      false,
    ],
  ] as const)('%s is no session by itself: %o in %s is %s', (_, entry, path, expected) => {
    expect(isNoSession(entry, path)).toBe(expected);
  });

  it('leave the log itself no session', () => {
    expect(sessionOf({ session: 'a', parts: [part('a')] })).toBeNull();
    expect(sessionOf({ session: 'a', parts: [] })).toBe('a');
    expect(sessionOf({})).toBeNull();
  });
});
