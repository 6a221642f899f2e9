import { describe, expect, it } from 'vitest';
import { pendingWords, stateHelp, stateTitle, type StateWords } from './state-title.ts';

const REST: StateWords = {
  state: 'idle',
  pending: { logs: 0, bytes: 0, hooks: 0 },
  paused: null,
  firstRun: false,
  stores: [],
};
const waiting = (logs: number): StateWords => ({ ...REST, pending: { logs, bytes: logs * 1_000, hooks: 0 } });

describe('the state in words', () => {
  it('is up to date only when everything is pushed', () => {
    expect(stateTitle(REST)).toBe('Up to date');
    expect(stateHelp(REST)).toContain('where it should be');
  });

  it('counts what is not pushed yet', () => {
    expect(stateTitle(waiting(1))).toBe('1 log to push');
    expect(stateTitle(waiting(20))).toBe('20 logs to push');
    expect(stateHelp(waiting(20))).toContain('20 KB');
    expect(pendingWords(waiting(20))).toBe('');
  });

  it('leaves every more urgent word as it is', () => {
    for (const state of ['syncing', 'deferred', 'attention', 'offline'] as const)
      expect(stateTitle({ ...waiting(3), state })).toBe(stateTitle({ ...REST, state }));
  });

  it('is not "up to date" while it is paused, and still says what is not pushed yet', () => {
    const paused = { ...waiting(2), paused: { since: 1, until: null, reason: 'asked' as const } };
    expect(stateTitle(paused)).toBe('Paused');
    expect(stateHelp(paused)).toContain('You asked for it');
    expect(pendingWords(paused)).toContain('2 logs');
  });

  it('promises nothing before it is set up, and no backup on the disk of the logs', () => {
    expect(stateTitle({ ...REST, firstRun: true })).toBe('Not set up yet');
    const store = {
      url: 'file:///x',
      kind: 'embedded' as const,
      sameDisk: true,
      reachable: true,
      lastSuccess: 1,
      lastError: null,
      lastErrorAt: null,
      retryAt: null,
    };
    expect(stateHelp({ ...REST, stores: [store] })).not.toContain('where it should be');
  });
});
