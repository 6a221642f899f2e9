/** Parallel transfers. 16 saturates a store on a normal line; more only costs memory. */
export const TRANSFERS = 16;

/**
 * Runs a task per item, at most `limit` at once, in order of start. Starts no more when `task` returns false or the signal aborts; running
 * ones finish.
 * @param limit tasks at once, at least 1
 */
export async function runLimited<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal | undefined,
  task: (item: T, index: number) => Promise<boolean | void>,
): Promise<void> {
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (!stopped && !signal?.aborted && next < items.length) {
      const index = next++;
      if ((await task(items[index] as T, index)) === false) stopped = true;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
