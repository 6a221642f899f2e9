import { describe, expect, it } from 'vitest';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { SESSION_PART_LIMIT } from '../../../shared/domain/log-entry.ts';
import type { LogSession } from '../../../shared/domain/log-text/log-reader.ts';
import { readLogText, type LogText } from '../../../shared/domain/log-text.ts';
import { sessionParts, userOf } from './describe-sessions.ts';

const PEOPLE = new Set(['mike', 'jean_luc']);

const SESSION: LogSession = {
  id: 's-1',
  time: Date.parse('2026-06-05T23:30:00Z'),
  focus: 'Payment retries',
  log: 'claudetools/projects/harbor/session-logs/2026-06-05-mike-payment-retries.md',
  logDate: '2026-06-05' as CalendarDate,
  sessionId: 's-1',
  author: 'Mike Swanson',
  user: 'mike',
  machineName: 'GURU',
  role: null,
  agent: null,
  ranges: [
    [7, 20],
    [40, 50],
  ],
};

function parts(
  sessions: readonly LogSession[],
  notes: LogText['notes'] = [],
): ReturnType<typeof sessionParts> {
  const text = { ...readLogText('', 'SESSION-LOG-2026-06-05.md'), entries: sessions, notes };
  return sessionParts(text, {
    date: '2026-06-05' as CalendarDate,
    dayOf: (time) => new Date(time).toISOString().slice(0, 10) as CalendarDate,
    people: PEOPLE,
  });
}

function noteAt(line: number): LogText['notes'][number] {
  return { to: 'Mara', kind: 'note', line, endLine: line + 1, text: 'x', entry: null, session: null };
}

describe('the sessions of a daily log', () => {
  it('carry what their entries and their Log lines say', () => {
    expect(parts([SESSION], [noteAt(8), noteAt(30), noteAt(50)])).toEqual([
      {
        id: 's-1',
        time: SESSION.time,
        date: '2026-06-05',
        title: 'Payment retries',
        author: 'Mike Swanson',
        user: 'mike',
        project: 'harbor',
        client: null,
        line: 7,
        notes: 2,
      },
    ]);
  });

  it('are of the day that the log names, else of the entry\u2019s time, else of the daily log', () => {
    const bare = { ...SESSION, log: null, logDate: null };
    const days = parts([
      { ...SESSION, time: Date.parse('2026-06-07T00:00:00Z') },
      { ...bare, time: Date.parse('2026-06-07T00:00:00Z') },
      { ...bare, time: null },
    ]).map((part) => part.date);
    expect(days).toEqual(['2026-06-05', '2026-06-07', '2026-06-05']);
  });

  it('take the workspace\u2019s own name for no project', () => {
    const ofLog = (log: string): unknown => parts([{ ...SESSION, log }])[0]?.project;
    expect(ofLog('projects/session-logs/2026-06-05-mike-x.md')).toBe(null);
    expect(ofLog('projects/projects/harbor/session-logs/2026-06-05-mike-x.md')).toBe('harbor');
    expect(ofLog('projects/harbor/session-logs/2026-06-05-mike-x.md')).toBe('harbor');
  });

  it('are bounded in number and in size', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({
      ...SESSION,
      id: `s-${at}`,
      focus: 'word '.repeat(20_000),
      author: 'x'.repeat(100_000),
    }));
    const said = parts(many);
    expect(said).toHaveLength(SESSION_PART_LIMIT);
    expect(said.at(-1)?.id).toBe(`s-${SESSION_PART_LIMIT - 1}`);
    expect(JSON.stringify(said).length).toBeLessThan(SESSION_PART_LIMIT * 1_000);
  });
});

describe('a word of a file\u2019s name', () => {
  const nobody = { user: null, author: null };
  it('is a person only where somebody of that name is known', () => {
    expect(userOf(nobody, 'mike', PEOPLE)).toBe('mike');
    expect(userOf(nobody, 'Mike', PEOPLE)).toBe('Mike');
    expect(userOf(nobody, 'improve', PEOPLE)).toBe(null);
    expect(userOf(nobody, null, PEOPLE)).toBe(null);
  });

  it('is the author when it is part of their name', () => {
    expect(userOf({ user: null, author: 'Mara Lindqvist' }, 'mara', PEOPLE)).toBe('mara');
    expect(userOf({ user: null, author: 'Mara Lindqvist' }, 'refactor', PEOPLE)).toBe(null);
  });

  it('counts less than the name that a text states', () => {
    expect(userOf({ user: 'hal', author: null }, 'mike', PEOPLE)).toBe('hal');
  });
});
