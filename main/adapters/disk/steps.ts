import type { AsyncDiskCalls, DiskCalls } from './disk.ts';

/** One system call requested by a protocol. */
export type Step = {
  readonly [K in keyof DiskCalls]: { readonly call: K; readonly args: Parameters<DiskCalls[K]> };
}[keyof DiskCalls];

/**
 * A write protocol: a generator that yields the system calls it needs and receives their results. Written once, it runs
 * blocking (settings, which are written inside one tick) and off the thread (everything else), and a test can drive it call by
 * call without a disk.
 */
export type Steps<T> = Generator<Step, T, unknown>;

/** Requests one system call inside a protocol: `const fd = yield* call('open', path, flags, mode)`. */
export function* call<K extends keyof DiskCalls>(
  name: K,
  ...args: Parameters<DiskCalls[K]>
): Steps<ReturnType<DiskCalls[K]>> {
  // The compiler cannot match a generic method's tuple to the union's arm; the signature above already did.
  return (yield { call: name, args } as unknown as Step) as ReturnType<DiskCalls[K]>;
}

/** Runs a protocol to completion, blocking. Throws what the protocol throws. */
export function runSync<T>(disk: DiskCalls, steps: Steps<T>): T {
  let turn = steps.next();
  while (!turn.done) {
    let answer: unknown;
    try {
      answer = (disk[turn.value.call] as (...args: readonly unknown[]) => unknown)(...turn.value.args);
    } catch (error) {
      turn = steps.throw(error);
      continue;
    }
    turn = steps.next(answer);
  }
  return turn.value;
}

/** Runs a protocol to completion without blocking. Rejects with what the protocol throws. */
export async function runAsync<T>(disk: AsyncDiskCalls, steps: Steps<T>): Promise<T> {
  let turn = steps.next();
  while (!turn.done) {
    let answer: unknown;
    try {
      answer = await (disk[turn.value.call] as (...args: readonly unknown[]) => Promise<unknown>)(
        ...turn.value.args,
      );
    } catch (error) {
      turn = steps.throw(error);
      continue;
    }
    turn = steps.next(answer);
  }
  return turn.value;
}
