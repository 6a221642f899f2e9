import { describe, expect, it } from 'vitest';
import type { StoreStatus } from '../ipc/status.ts';
import { pendingWords, stateHelp, stateTitle, type StateWords } from './state-title.ts';

const REST: StateWords = {
  state: 'idle',
  pending: { logs: 0, bytes: 0, hooks: 0 },
  paused: null,
  firstRun: false,
  stores: [],
  lastSuccess: 1,
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

  it('never says two things of which one cannot be', () => {
    const store = (parts: Partial<StoreStatus>): StoreStatus => ({
      url: 'gs://b',
      kind: 'gcs',
      sameDisk: false,
      reachable: true,
      lastSuccess: 1,
      lastError: null,
      lastErrorAt: null,
      retryAt: null,
      ...parts,
    });
    const paused = { since: 1, until: null, reason: 'asked' as const };
    let seen = 0;
    for (const state of ['idle', 'syncing', 'deferred', 'attention', 'offline'] as const)
      for (const logs of [0, 3])
        for (const pause of [null, paused])
          for (const firstRun of [true, false])
            for (const lastSuccess of [null, 1])
              for (const stores of [
                [store({})],
                [store({ kind: 'embedded', sameDisk: true })],
                [store({ reachable: false })],
                [store({ reachable: null })],
              ]) {
                const parts = { state, firstRun, lastSuccess, stores };
                const status = { ...parts, pending: { logs, bytes: 9, hooks: 0 }, paused: pause };
                const said = [stateTitle(status), stateHelp(status), pendingWords(status)].join(' | ');
                const never = (...pairs: readonly RegExp[]): void =>
                  expect(
                    pairs.every((one) => one.test(said)),
                    said,
                  ).toBe(false);
                if (lastSuccess === null) never(/Up to date|where it should be|All logs pushed/);
                if (logs > 0) never(/Up to date|where it should be|All logs pushed/);
                if (pause !== null) never(/Up to date/);
                if (state === 'attention') never(/Up to date|All logs pushed/);
                if (stores[0]?.sameDisk) never(/where it should be|All logs pushed/);
                never(/to push/, /All logs pushed/);
                never(/Not set up yet/, /push/);
                seen += 1;
              }
    expect(seen).toBe(320);
  });
});
