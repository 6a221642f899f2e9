import { appError } from '../../shared/app-error.ts';
import { err, ok } from '../../shared/result.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LockOwner, Locks, Released } from '../core/ports/lock.ts';

/** Locks in memory; other programs hold them when a test says so. */
export interface MemoryLocks extends Locks {
  /** Who holds a lock, by its path. */
  readonly owners: Map<string, LockOwner>;
}

const STEP_MS = 1_000;

/** Makes locks that nobody holds. */
export function createMemoryLocks(clock: Clock): MemoryLocks {
  const owners = new Map<string, LockOwner>();
  return {
    owners,
    status: async (path) => ok(owners.get(path) ?? null),
    async acquire({ path, command, waitMs, signal, onWait }) {
      const until = clock.monotonic() + waitMs;
      for (let owner = owners.get(path); owner !== undefined; owner = owners.get(path)) {
        if (signal?.aborted === true) return err(appError('cancelled', 'It was stopped.', 'Repeat it.'));
        if (clock.monotonic() >= until)
          return err(
            appError('lock-held', `${owner.who} holds the lock.`, 'Wait.', {
              transient: true,
              details: { owner },
            }),
          );
        onWait?.(owner);
        await clock.sleep(Math.min(STEP_MS, until - clock.monotonic()), signal);
      }
      const mine = owner('this test', command, clock.now());
      owners.set(path, mine);
      let released: Released | null = null;
      return ok({
        fence: async () => {
          if (owners.get(path) === mine) return ok(undefined);
          return err(appError('lock-lost', 'The lock is no longer ours.', 'Stop.'));
        },
        release: async () => {
          released ??= owners.get(path) === mine ? 'released' : 'lost';
          if (owners.get(path) === mine) owners.delete(path);
          return released;
        },
      });
    },
  };
}

/** Somebody who holds a lock. */
export function owner(who: string, command: string, since: number): LockOwner {
  return { host: 'host', pid: 1, since, command, who, verdict: 'alive' };
}
