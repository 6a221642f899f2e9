import type { Clock } from '../core/ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Moves wall time only, as a person or NTP does; waits go by monotonic time and do not notice. */
  jump(ms: number): void;
  /** Sleeps not yet over. */
  readonly waiting: number;
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: (full: boolean) => void;
}

/**
 * A clock in which waiting costs nothing: as soon as the process has nothing else to do in this turn of the event loop,
 * time moves to the next sleeper. Use it only where nothing waits for real I/O.
 * @param start wall time at the beginning, epoch milliseconds
 */
export function createVirtualClock(start = Date.UTC(2026, 0, 5, 9)): VirtualClock {
  let elapsed = 0;
  let wallOffset = start;
  let order = 0;
  let armed = false;
  const sleepers = new Set<Sleeper>();

  // Two turns, because work that a woken sleeper starts may itself need one before it sleeps again.
  function arm(): void {
    if (armed || sleepers.size === 0) return;
    armed = true;
    setImmediate(() => setImmediate(advance));
  }

  function advance(): void {
    armed = false;
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (!next || sleeper.at < next.at || (sleeper.at === next.at && sleeper.order < next.order))
        next = sleeper;
    }
    if (next) {
      elapsed = Math.max(elapsed, next.at);
      sleepers.delete(next);
      next.wake(true);
    }
    arm();
  }

  return {
    now: () => wallOffset + elapsed,
    monotonic: () => elapsed,
    jump: (ms) => {
      wallOffset += ms;
    },
    get waiting() {
      return sleepers.size;
    },
    sleep: (ms, signal) =>
      new Promise<boolean>((resolve) => {
        if (signal?.aborted === true) {
          resolve(false);
          return;
        }
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          resolve(false);
        };
        const sleeper: Sleeper = {
          at: elapsed + Math.max(0, ms),
          order: order++,
          wake: (full) => {
            signal?.removeEventListener('abort', onAbort);
            resolve(full);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.add(sleeper);
        arm();
      }),
  };
}
