import type { Random } from '../core/ports/clock.ts';

/** A `Random` whose whole future is its seed, so that a failing run can be repeated. Never for secrets. */
export interface SeededRandom extends Random {
  readonly seed: number;
  /** A whole number in [0, below). */
  below(below: number): number;
  /** One of the given values. */
  pick<const T>(values: readonly [T, ...T[]]): T;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/**
 * Mulberry32 (Tommy Ettinger): 32 bits of state, passes gjrand to 4 GiB, and the same numbers on every platform.
 * @param seed any whole number
 */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 0x1_0000_0000) * limit);
  return {
    seed,
    fraction: () => next() / 0x1_0000_0000,
    below,
    pick: (values) => values[below(values.length)] as (typeof values)[0],
    hex: (bytes) =>
      Array.from({ length: bytes }, () => (next() >>> 24).toString(16).padStart(2, '0')).join(''),
    bytes: (length) => {
      const out = new Uint8Array(length);
      for (let i = 0; i < length; i += 4) {
        const word = next();
        for (let k = 0; k < 4 && i + k < length; k++) out[i + k] = word >>> (8 * k);
      }
      return out;
    },
  };
}
