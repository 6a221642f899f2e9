/**
 * Creates a gate that runs at most `limit` of its jobs at once, in order of arrival.
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
      // The slot goes straight to the next one, so that no newcomer takes it.
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
