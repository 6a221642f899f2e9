import type { Clock, Random } from '../../ports/clock.ts';
import { backoffMs } from './backoff.ts';
import type { OperationEnd } from '../news.ts';

/** Usually enough for another process's sync. */
const DEFERRED_MS = 30_000;

/** Retry times of failed work, by name. */
export interface Retries<Name extends string> {
  /**
   * Records how a try ended.
   * @returns when to retry, epoch milliseconds; null on success, or when only a person can help
   */
  ended(name: Name, end: Pick<OperationEnd, 'outcome' | 'error'>): number | null;
  /** When it is due; null when not waiting. */
  at(name: Name): number | null;
  /** The wait is over. */
  begun(name: Name): void;
  /** Resets: failures from before the network returned mean nothing now. */
  forgetAll(): void;
}

/** Nothing has failed yet. */
export function createRetries<Name extends string>(
  clock: Pick<Clock, 'now'>,
  random: Pick<Random, 'fraction'>,
): Retries<Name> {
  const failures = new Map<Name, number>();
  const waiting = new Map<Name, number>();
  return {
    ended(name, end) {
      if (end.outcome !== 'deferred') {
        failures.delete(name);
        waiting.delete(name);
        return null;
      }
      const count = (failures.get(name) ?? 0) + 1;
      failures.set(name, count);
      // A lock is not more overloaded the longer it is held; only store failures back off.
      const wait =
        end.error === null || end.error.code === 'lock-held'
          ? DEFERRED_MS + Math.round(random.fraction() * DEFERRED_MS)
          : backoffMs(count, random);
      waiting.set(name, clock.now() + wait);
      return clock.now() + wait;
    },
    at: (name) => waiting.get(name) ?? null,
    begun: (name) => void waiting.delete(name),
    forgetAll() {
      failures.clear();
      waiting.clear();
    },
  };
}
