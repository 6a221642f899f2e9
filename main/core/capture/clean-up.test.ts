import { describe, expect, it } from 'vitest';
import { daysLeft } from '../../../shared/transcripts/countdown.ts';
import {
  claudeCountdown,
  claudePeriod,
  geminiCountdown,
  geminiRetention,
  type AgentSettings,
  type SettingsHere,
} from './clean-up.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 30);
const file = (content: AgentSettings['content']): AgentSettings => ({ path: '/s.json', content });
const period = (days: unknown): AgentSettings => file({ cleanupPeriodDays: days });
const here = (own: readonly AgentSettings[], managed: readonly AgentSettings[] = []): SettingsHere => ({
  own,
  managed,
});
const PAUSED = 'paused';

describe("Claude Code's clean-up", () => {
  it.each([
    ['no settings at all', [], 30],
    ['one folder without settings', [here([file(null), file({})])], 30],
    ['the person’s own period', [here([file(null), period(90)])], 90],
    ['the project before the person', [here([period(7), period(90)])], 7],
    ['the local file before the project', [here([period(365), period(7), period(90)])], 365],
    ['an administrator before all', [here([period(7)], [period(60)])], 60],
    ['the longest of several administrators', [here([], [period(60), period(90), file({})])], 90],
    ['the shortest of several folders', [here([period(365)]), here([period(14)]), here([])], 14],
    ['a very long period', [here([period(99_999)])], 99_999],
    ['a period of 0', [here([period(0)])], PAUSED],
    ['a negative period', [here([period(-1)])], PAUSED],
    ['half a day', [here([period(0.5)])], PAUSED],
    ['a period as text', [here([period('30')])], PAUSED],
    ['a wrong period behind a right one', [here([period(7), period(0)])], PAUSED],
    ['a file that cannot be read', [here([file('unreadable'), period(90)])], PAUSED],
    ['an administrator’s file that cannot be read', [here([period(90)], [file('unreadable')])], PAUSED],
    ['one folder paused and one not', [here([file('unreadable')]), here([period(10)])], 10],
  ] as const)('with %s', (_, folders, expected) => {
    const found = claudePeriod(folders);
    expect(found.kind === 'days' ? found.days : found.kind).toBe(expected);
  });

  it.each([
    ['just written', 0, 30, 30],
    ['a day short of it', 29, 30, 1],
    ['on its last day', 29.5, 30, 0],
    ['overdue', 45, 30, 0],
    ['from the future', -3, 30, 33],
    ['kept for long', 45, 3_650, 3_605],
  ])('counts from the time of the file: %s', (_, age, days, left) => {
    const countdown = claudeCountdown(
      { kind: 'days', days, desktopDays: null },
      { mtimeMs: NOW - age * DAY, facts: { startedBy: 'cli', lastAt: 1, isUnderstood: true } },
    );
    expect(daysLeft(countdown, NOW)).toBe(left);
  });

  it.each([
    [null, 'exempt'],
    [10, 'due'],
  ] as const)('leaves what the desktop app wrote to its own period (%s)', (desktopDays, state) => {
    const facts = { startedBy: 'claude-desktop', lastAt: 1, isUnderstood: true };
    const found = claudeCountdown({ kind: 'days', days: 30, desktopDays }, { mtimeMs: NOW, facts });
    expect(found).toMatchObject(state === 'due' ? { state, at: NOW + 10 * DAY } : { state });
  });

  it('reads the desktop’s period where 0 means none', () => {
    expect(claudePeriod([here([file({ desktopSessionCleanupPeriodDays: 0 })])])).toMatchObject({
      desktopDays: null,
    });
    expect(claudePeriod([here([file({ desktopSessionCleanupPeriodDays: 9 })])])).toMatchObject({
      desktopDays: 9,
    });
  });

  it('is paused while a period cannot be known', () => {
    const paused = claudePeriod([here([file('unreadable')])]);
    expect(claudeCountdown(paused, { mtimeMs: NOW, facts: null })).toMatchObject({ state: 'paused' });
  });
});

describe("Gemini CLI's clean-up", () => {
  const retention = (sessionRetention: unknown): AgentSettings => file({ general: { sessionRetention } });
  const facts = (days: number, isUnderstood = true) => ({
    startedBy: null,
    lastAt: NOW - days * DAY,
    isUnderstood,
  });
  it.each([
    ['no settings', [file(null)], 10, 0, 20],
    ['its own age', [retention({ maxAge: '2w' })], 10, 0, 4],
    ['the stronger file first', [retention({ maxAge: '60d' }), retention({ maxAge: '1d' })], 10, 0, 50],
    ['hours', [retention({ maxAge: '48h' })], 1, 0, 1],
    ['months', [retention({ maxAge: '1m' })], 1, 0, 29],
    ['more sessions than it keeps', [retention({ maxCount: 5 })], 10, 5, 0],
    ['as many as it keeps', [retention({ maxCount: 5 })], 10, 4, 20],
    ['a surplus that is too young', [retention({ maxCount: 5, minRetention: '20d' })], 10, 7, 10],
  ] as const)('with %s', (_, files, age, newer, left) => {
    // The file was touched today: what counts is what stands in it.
    const found = geminiCountdown(geminiRetention(files), { mtimeMs: NOW, facts: facts(age) }, newer);
    expect(daysLeft(found, NOW)).toBe(left);
  });

  it.each([
    ['switched off', [retention({ enabled: false })], 'exempt'],
    ['unreadable', [file('unreadable')], 'paused'],
    ['an age that is none', [retention({ maxAge: 'soon' })], 'paused'],
    ['an age below the least', [retention({ maxAge: '1d', minRetention: '3d' })], 'paused'],
    ['a count that is none', [retention({ maxCount: 0 })], 'paused'],
  ] as const)('%s', (_, files, state) => {
    expect(geminiCountdown(geminiRetention(files), { mtimeMs: NOW, facts: facts(1) }, 0)).toMatchObject({
      state,
    });
  });

  it('deletes what it cannot read at its next start, whatever the age', () => {
    const found = geminiCountdown(geminiRetention([]), { mtimeMs: NOW - DAY, facts: facts(0, false) }, 0);
    expect(daysLeft(found, NOW)).toBe(0);
  });
});
