import type { SeededRandom } from './seeded-random.ts';

/** The calls of an `ObjectStore` that a fault can hit. */
export type StoreOperation = 'list' | 'head' | 'get' | 'getStream' | 'put' | 'copy' | 'probe';

/** What goes wrong in one call, after the adapter has spent its own retries. */
export type StoreFault =
  /** The call fails: `before` the store did anything, or `after` it committed (a lost reply; for reads both are the same). */
  | {
      readonly kind: 'fail';
      readonly code: 'offline' | 'throttled' | 'server' | 'denied';
      readonly when: 'before' | 'after';
    }
  /** No answer until the deadline or the abort. */
  | { readonly kind: 'stall'; readonly when: 'before' | 'after' }
  /** The body ends early, after this fraction of it. */
  | { readonly kind: 'cut'; readonly at: number }
  /** One bit of the body, at this fraction of it, is inverted on the way. */
  | { readonly kind: 'flip'; readonly at: number };

export interface StoreCall {
  readonly operation: StoreOperation;
  /** The object, or the prefix of a list, or the target of a copy. */
  readonly name: string;
  /** Counts all calls of this handle from 1. */
  readonly number: number;
}

/** Decides about every call; null lets it pass. */
export type StoreFaults = (call: StoreCall) => StoreFault | null;

/** Faults in a fixed order, each for the next call of its operation; `left` tells a test that all were met. */
export interface FaultScript {
  readonly faults: StoreFaults;
  next(operation: StoreOperation, ...faults: StoreFault[]): void;
  readonly left: number;
}

/** Faults that a test names one by one. */
export function createFaultScript(): FaultScript {
  const queue: { readonly operation: StoreOperation; readonly fault: StoreFault }[] = [];
  return {
    faults: (call) => {
      const at = queue.findIndex((entry) => entry.operation === call.operation);
      return at < 0 ? null : (queue.splice(at, 1)[0]?.fault ?? null);
    },
    next: (operation, ...faults) => {
      for (const fault of faults) queue.push({ operation, fault });
    },
    get left() {
      return queue.length;
    },
  };
}

/**
 * Faults by chance.
 * @param rate probability in [0, 1] that a call is hit
 * @param active asked before each call, so that a simulation can end its bad weather
 */
export function randomFaults(
  random: SeededRandom,
  rate: number,
  active: () => boolean = () => true,
): StoreFaults {
  return (call) => {
    // Drawn even when inactive, so that the same seed keeps the same future.
    const hit = random.fraction() < rate;
    const fault = drawFault(random, call.operation);
    return hit && active() ? fault : null;
  };
}

function drawFault(random: SeededRandom, operation: StoreOperation): StoreFault {
  const when = random.pick(['before', 'after']);
  const at = random.fraction();
  const code = random.pick(['offline', 'throttled', 'server']);
  const kind = random.pick(['fail', 'fail', 'stall', 'cut', 'flip']);
  const hasBody = operation === 'get' || operation === 'getStream' || operation === 'put';
  if (kind === 'stall') return { kind, when };
  if (kind === 'fail' || !hasBody) return { kind: 'fail', code, when };
  return { kind, at };
}
