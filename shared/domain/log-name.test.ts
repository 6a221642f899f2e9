import { describe, expect, it } from 'vitest';
import { parseLogName } from './log-name.ts';

describe('parseLogName', () => {
  it.each([
    ['SESSION-LOG-2026-01-06.md', '2026-01-06'],
    ['2026-01/SESSION-LOG-2026-01-06.md', '2026-01-06'],
    ['session-log-2024-02-29.MD', '2024-02-29'],
  ])('%s is a daily log', (path, date) => {
    expect(parseLogName(path)).toEqual({
      kind: 'daily',
      date,
      user: null,
      topic: null,
      project: null,
      client: null,
    });
  });

  it.each([
    ['2026-01-06-hal-fix-login.md', 'hal', 'fix-login'],
    ['2026-01-06-hal-fix-login-2.md', 'hal', 'fix-login-2'],
    ['2026-01/2026-01-06-mike-x.md', 'mike', 'x'],
    ['2026-01-06-Žofia-日本.md', 'Žofia', '日本'],
  ])('%s is a session log', (path, user, topic) => {
    expect(parseLogName(path)).toMatchObject({ kind: 'session', date: '2026-01-06', user, topic });
  });

  it.each([
    'SESSION-LOG-2026-02-29.md',
    'SESSION-LOG-2026-13-01.md',
    'SESSION-LOG-2026-1-6.md',
    'SESSION-LOG-0000-01-01.md',
    '2026-02-30-hal-topic.md',
    '2026-01-06.md',
    '2026-01-06-hal.md',
    '2026-01-06--topic.md',
    'notes.md',
    'SESSION-LOG-2026-01-06.md/inside.md',
    '',
  ])('%j is any other log', (path) => {
    expect(parseLogName(path)).toMatchObject({ kind: 'other', date: null, user: null, topic: null });
  });

  it('reads project and client off the folders, never off the file', () => {
    expect(parseLogName('projects/ACME/2026-01/SESSION-LOG-2026-01-06.md')).toMatchObject({
      project: 'ACME',
      client: null,
    });
    expect(parseLogName('clients/acme-corp/2026-01-06-hal-x.md')).toMatchObject({
      project: null,
      client: 'acme-corp',
    });
    expect(parseLogName('projects/x.md').project).toBeNull();
    expect(parseLogName('projects/A/clients/b/x.md')).toMatchObject({ project: 'A', client: 'b' });
  });
});
