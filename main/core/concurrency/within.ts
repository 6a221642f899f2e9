import type { Clock } from '../ports/clock.ts';

/**
 * Waits for something up to a time limit; it continues by itself.
 * @param ms milliseconds
 */
export async function within(clock: Clock, ms: number, wanted: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const ended = wanted.then(
    () => done.abort(),
    () => done.abort(),
  );
  await Promise.race([ended, clock.sleep(ms, done.signal)]);
}
