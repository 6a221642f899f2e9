import { describe, expect, it } from 'vitest';
import type { SessionRow } from '../../../shared/transcripts/session-list.ts';
import { sumsOf } from './session-rows.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21);

function row(id: string, facts: Partial<SessionRow>): SessionRow {
  return {
    agent: 'claude-code',
    id,
    title: null,
    project: null,
    folder: null,
    startedAt: null,
    lastAt: NOW,
    prompts: null,
    changedFiles: null,
    commands: null,
    commits: null,
    models: [],
    size: 1,
    log: 'none',
    logId: null,
    copy: 'none',
    inStore: false,
    countdown: { state: 'never' },
    isUnderstood: true,
    runs: 1,
    ...facts,
  };
}

const inDays = (days: number) => ({ state: 'due', at: NOW + days * DAY }) as const;

describe('sums of sessions', () => {
  it('count what goes within a week by what there is of it besides', () => {
    const rows = [
      row('a', { countdown: inDays(3) }),
      row('b', { countdown: inDays(6), copy: 'whole' }),
      row('c', { countdown: inDays(6), copy: 'whole', inStore: true }),
      row('d', { countdown: inDays(7) }),
      row('e', { countdown: { state: 'gone' }, copy: 'whole' }),
    ];
    expect(sumsOf(rows, 0, NOW)).toMatchObject({
      total: 5,
      due: 3,
      dueInStore: 1,
      dueOnlyThere: 1,
      nextDays: 3,
    });
  });

  it('count what keeping everything would still copy or make a log of', () => {
    const kept = { copy: 'whole', log: 'captured' } as const;
    const of = (facts: Partial<SessionRow>): number =>
      sumsOf([row('a', { ...kept, ...facts })], 0, NOW).toKeep;
    expect(of({})).toBe(0);
    expect(of({ copy: 'none', inStore: true })).toBe(0);
    expect(of({ log: 'short' })).toBe(0);
    expect(of({ log: 'never', copy: 'none' })).toBe(0);
    expect(of({ copy: 'behind', countdown: { state: 'gone' } })).toBe(0);
    expect(of({ copy: 'behind' })).toBe(1);
    expect(of({ copy: 'none' })).toBe(1);
    expect(of({ log: 'none' })).toBe(1);
    expect(of({ log: 'waiting' })).toBe(1);
    expect(of({ log: 'program', copy: 'none', runs: 900 })).toBe(1);
  });

  it('do not count runs of programs among the sessions that go', () => {
    const rows = [
      row('a', { countdown: inDays(6) }),
      row('runs', { countdown: inDays(1), log: 'program', runs: 900 }),
    ];
    expect(sumsOf(rows, 0, NOW)).toMatchObject({ total: 1, runs: 900, due: 1, dueOnlyThere: 1, nextDays: 6 });
  });
});
