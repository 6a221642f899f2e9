import { randomBytes } from 'node:crypto';
import type { Random } from '../../core/ports/clock.ts';

/** Randomness from the system's cryptographic source. */
export function createNodeRandom(): Random {
  return {
    hex: (bytes) => randomBytes(bytes).toString('hex'),
    fraction: () => Math.random(),
  };
}
