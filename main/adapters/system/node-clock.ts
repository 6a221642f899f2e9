import type { Clock } from '../../core/ports/clock.ts';

/** The machine's own clock. */
export function createNodeClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, signal),
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve(false);
      return;
    }
    if (ms <= 0) {
      // A turn of the event loop; a timer would take a millisecond.
      setImmediate(() => resolve(signal?.aborted !== true));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      // A long-lived signal would otherwise accumulate one listener per wait.
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
