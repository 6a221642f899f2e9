import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { createStillClock } from '../../../testing/still-clock.ts';
import { createRetries } from './retries.ts';

const OFFLINE = appError('offline', 'No network.', 'Wait.');
const LOCKED = appError('lock-held', 'Somebody syncs.', 'Wait.');
const deferred = (error: typeof OFFLINE | null) => ({ outcome: 'deferred', error }) as const;

function world() {
  const clock = createStillClock();
  const retries = createRetries<'push' | 'index'>(clock, { fraction: () => 0.5 });
  const wait = (error: typeof OFFLINE | null): number =>
    (retries.ended('push', deferred(error)) ?? 0) - clock.now();
  return { clock, retries, wait };
}

describe('when something is tried again', () => {
  it('is ever later while the store is out of reach, and counted for each kind of work', () => {
    const { retries, wait, clock } = world();
    expect([wait(OFFLINE), wait(OFFLINE), wait(OFFLINE)]).toEqual([5_000, 10_000, 20_000]);
    expect(retries.at('push')).toBe(clock.now() + 20_000);
    expect(retries.at('index')).toBeNull();
  });

  it('is half a minute to a minute after somebody else held the lock, however often that was', () => {
    const { wait } = world();
    expect([wait(LOCKED), wait(LOCKED), wait(null)]).toEqual([45_000, 45_000, 45_000]);
  });

  it.each(['done', 'partial', 'failed', 'cancelled'] as const)(
    'is never after a run that ended as %s',
    (outcome) => {
      const { retries, wait } = world();
      wait(OFFLINE);
      expect(retries.ended('push', { outcome, error: null })).toBeNull();
      expect(retries.at('push')).toBeNull();
      // And the next failure is the first again.
      expect(wait(OFFLINE)).toBe(5_000);
    },
  );

  it('is forgotten when the network is back: what failed before says nothing about now', () => {
    const { retries, wait } = world();
    wait(OFFLINE);
    wait(OFFLINE);
    retries.forgetAll();
    expect(retries.at('push')).toBeNull();
    expect(wait(OFFLINE)).toBe(5_000);
  });
});
