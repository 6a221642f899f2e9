/** How a bounded piece of work ended. */
export type Bounded<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** The deadline passed first. */
  | { readonly kind: 'timeout' }
  /** The caller's signal aborted first. */
  | { readonly kind: 'cancelled' };

export interface Deadline {
  readonly ms: number;
  /** Waits by the injected clock; resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<boolean>;
  /** The caller's own signal. */
  readonly signal?: AbortSignal | undefined;
}

/** Never reported. Without it, each call would create an exception with a stack. */
const OVER = new Error('the work is over');

/**
 * Runs work that must settle: when it ends, at the deadline or when the caller aborts, whichever is first. The work receives a
 * signal that aborts in the latter two cases, to release its sockets and files; what it does afterwards is not awaited. Rejects
 * only with what the work throws before that.
 */
export async function withinDeadline<T>(
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Bounded<T>> {
  if (deadline.signal?.aborted === true) return { kind: 'cancelled' };
  const inner = new AbortController();
  const over = new AbortController();
  let onAbort: () => void = () => {};
  const cancelled = new Promise<Bounded<T>>((resolve) => {
    onAbort = () => {
      // In this order, so that the caller gets `cancelled` and not what the work makes of it; and both at once, so that the work
      // does not send another byte.
      resolve({ kind: 'cancelled' });
      inner.abort();
    };
    deadline.signal?.addEventListener('abort', onAbort, { once: true });
  });
  const timeout = deadline.sleep(deadline.ms, over.signal).then((whole): Bounded<T> | Promise<never> =>
    // Woken early because the work is over: it must not win the race.
    whole ? { kind: 'timeout' } : new Promise<never>(() => {}),
  );
  try {
    const running = work(inner.signal).then((value): Bounded<T> => ({ kind: 'done', value }));
    const ended = await Promise.race([running, timeout, cancelled]);
    if (ended.kind !== 'done') {
      inner.abort();
      // The loser may still reject; nobody awaits it any more.
      running.catch(() => {});
    }
    return ended;
  } finally {
    deadline.signal?.removeEventListener('abort', onAbort);
    inner.abort(OVER);
    over.abort(OVER);
  }
}
