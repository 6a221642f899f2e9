import { asyncDisk, syncDisk, type AsyncDiskCalls, type DiskCalls } from './disk.ts';

/** Larger reads are left to the thread pool. */
const SMALL = 64 * 1024;
/** Milliseconds on this thread before the event loop has its turn. */
const TURN_MS = 4;

/**
 * Calls for looking at many small files of a local disk: on this thread, which takes a fifth of the processor time of the thread pool, but
 * only for a few milliseconds at a time. What changes the disk is left to the pool, since it may wait for it.
 * @param now milliseconds
 */
export function briefCalls(
  pool: AsyncDiskCalls = asyncDisk,
  blocking: DiskCalls = syncDisk,
  now: () => number = () => performance.now(),
): AsyncDiskCalls {
  let until = 0;
  const briefly = <K extends keyof DiskCalls>(name: K): AsyncDiskCalls[K] => {
    const [slow, quick] = [pool[name], blocking[name]] as [Call<Promise<unknown>>, Call<unknown>];
    const call: Call<Promise<unknown>> = async (...args) => {
      if (now() < until) return quick(...args);
      const result = await slow(...args);
      until = now() + TURN_MS;
      return result;
    };
    return call as AsyncDiskCalls[K];
  };
  const readSmall = briefly('read');
  return {
    ...pool,
    open: briefly('open'),
    fstat: briefly('fstat'),
    read: (fd, bytes, offset, length, position) =>
      length > SMALL
        ? pool.read(fd, bytes, offset, length, position)
        : readSmall(fd, bytes, offset, length, position),
    close: briefly('close'),
    lstat: briefly('lstat'),
    entries: briefly('entries'),
  };
}

type Call<R> = (...args: never[]) => R;
