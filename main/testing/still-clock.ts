import type { Clock } from '../core/ports/clock.ts';

/** A clock that a test moves by hand: waits end only when their signal aborts, so no deadline ever passes by itself. */
export function createStillClock(
  start = Date.UTC(2026, 0, 5, 9),
): Clock & { readonly advance: (ms: number) => void } {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now - start,
    advance: (ms) => {
      now += ms;
    },
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) resolve(false);
        else signal?.addEventListener('abort', () => resolve(false), { once: true });
      }),
  };
}
