import type { Random } from '../../ports/clock.ts';

const FIRST_MS = 10_000;
const CEILING_MS = 15 * 60_000;
const LEAST_MS = 1_000;

/**
 * Delay after a failure: exponential with full jitter (uniform between zero and the step), so that a hundred machines that lost the store
 * together do not return together.
 * @param failures in a row, at least 1
 * @returns milliseconds, at least one second and at most a quarter of an hour
 */
export function backoffMs(failures: number, random: Pick<Random, 'fraction'>): number {
  const step = Math.min(CEILING_MS, FIRST_MS * 2 ** Math.min(30, failures - 1));
  return Math.max(LEAST_MS, Math.round(random.fraction() * step));
}
