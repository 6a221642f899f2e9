import type { Clock, Random } from '../../ports/clock.ts';
import { backoffMs } from './backoff.ts';
import type { OperationEnd } from '../news.ts';

/** Somebody else's sync is over in this time as a rule. */
const DEFERRED_MS = 30_000;

/** When what failed is tried again, by name. */
export interface Retries<Name extends string> {
  /**
   * Notes how a try ended.
   * @returns when to try again, epoch milliseconds; null when it went well, or when only a person can help
   */
  ended(name: Name, end: Pick<OperationEnd, 'outcome' | 'error'>): number | null;
  /** When it is due; null when it is not waiting. */
  at(name: Name): number | null;
  /** The waiting is over. */
  begun(name: Name): void;
  /** Begins anew: what failed before the network came back says nothing about now. */
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
      // A lock is not the more worn out the longer it is held; only failures of the store are asked ever less often.
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
