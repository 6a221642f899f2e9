import type { AsyncDiskCalls } from '../disk/disk.ts';

/** Threads of Node's pool, unless the environment says otherwise. */
const POOL = 4;

/**
 * Leaves one thread of Node's pool to everything else: a mount whose server is gone keeps every thread that calls it, and without any the
 * local disk could not even give its lock back.
 * @param calls on the pool
 */
export function sparingCalls(calls: AsyncDiskCalls): AsyncDiskCalls {
  let free = Math.max(1, Number(process.env['UV_THREADPOOL_SIZE'] ?? POOL) - 1);
  const waiting: (() => void)[] = [];
  const next = (): void => {
    const begin = waiting.shift();
    if (begin === undefined) free++;
    else begin();
  };
  const sparing = (call: (...args: never[]) => Promise<unknown>) => {
    return async (...args: never[]): Promise<unknown> => {
      if (free > 0) free--;
      else await new Promise<void>((begin) => waiting.push(begin));
      try {
        return await call(...args);
      } finally {
        next();
      }
    };
  };
  const entries = Object.entries(calls).map(([name, call]) => [name, sparing(call)]);
  return Object.fromEntries(entries) as AsyncDiskCalls;
}
