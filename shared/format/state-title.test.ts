import { describe, expect, it } from 'vitest';
import { isWaiting, stateHelp, stateTitle } from './state-title.ts';

const pending = (logs: number) => ({ logs, bytes: logs * 1_000, hooks: 0 });

describe('the state in words', () => {
  it('is up to date only when nothing waits', () => {
    expect(stateTitle({ state: 'idle', pending: pending(0) })).toBe('Up to date');
    expect(stateHelp({ state: 'idle', pending: pending(0) })).toContain('where it should be');
  });

  it('counts what waits for a push', () => {
    expect(stateTitle({ state: 'idle', pending: pending(1) })).toBe('1 log to push');
    expect(stateTitle({ state: 'idle', pending: pending(20) })).toBe('20 logs to push');
    expect(stateHelp({ state: 'idle', pending: pending(20) })).toContain('20 KB');
  });

  it('leaves every more urgent word as it is', () => {
    for (const state of ['syncing', 'deferred', 'attention', 'offline'] as const) {
      expect(isWaiting({ state, pending: pending(3) })).toBe(false);
      expect(stateTitle({ state, pending: pending(3) })).toBe(stateTitle({ state, pending: pending(0) }));
    }
  });
});
