/** A list that grows as things happen, and that tests can wait on. */
export interface Happenings<T> {
  /** All so far, in order. */
  readonly all: readonly T[];
  /** Adds one. */
  add(happening: T): void;
  /**
   * Waits for one that fits, also among those that were there before.
   * @param fits tells whether it is the one
   * @param what said when it does not come
   * @param timeoutMs how long to wait, in milliseconds
   * @throws Error when none came in time, with what did come
   */
  next(fits: (happening: T) => boolean, what: string, timeoutMs?: number): Promise<T>;
}

/** Long enough for a slow machine to start a browser; a happening ends the wait at once. */
const TIMEOUT_MS = 20_000;

/** Makes an empty list. */
export function happenings<T>(): Happenings<T> {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    add: (happening) => {
      all.push(happening);
      for (const look of waiting) look();
    },
    next: (fits, what, timeoutMs = TIMEOUT_MS) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = all.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${what} did not come within ${timeoutMs} ms; what came: ${JSON.stringify(all)}`));
        }, timeoutMs);
        waiting.add(look);
        look();
      }),
  };
}
