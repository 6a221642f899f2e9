/**
 * Makes a gate: of the works given to it at most `limit` run at once, in the order they came.
 * @param limit at least 1
 */
export function takeTurns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place goes straight to the next, so that nobody who comes just now takes it.
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
