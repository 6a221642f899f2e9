/** Time for core. */
export interface Clock {
  /** Wall time, epoch milliseconds. May jump; never compared across machines. */
  now(): number;
  /** Milliseconds that only grow; for deadlines and waits. */
  monotonic(): number;
  /** Resolves after `ms`; early, to false, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
}

/** Randomness for core. */
export interface Random {
  /** Hexadecimal digits from a cryptographic source. */
  hex(bytes: number): string;
  /** Uniform in [0, 1); for jitter only. */
  fraction(): number;
}
