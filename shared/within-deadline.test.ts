import { describe, expect, it } from 'vitest';
import { withinDeadline } from './within-deadline.ts';

/** A wait that a test ends by hand, or that the signal ends. */
function handClock() {
  const rings: (() => void)[] = [];
  const sleep = (_ms: number, signal?: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      rings.push(() => resolve(true));
      signal?.addEventListener('abort', () => resolve(false), { once: true });
    });
  return { sleep, ring: () => rings.forEach((ring) => ring()) };
}

describe('work within a deadline', () => {
  it('gives its value, and stops the clock', async () => {
    const { sleep } = handClock();
    let inner: AbortSignal | null = null;
    const ended = await withinDeadline({ ms: 5, sleep }, async (signal) => {
      inner = signal;
      expect(signal.aborted).toBe(false);
      return 7;
    });
    expect(ended).toEqual({ kind: 'done', value: 7 });
    expect((inner as unknown as AbortSignal).aborted).toBe(true);
  });

  it('is let go of when the deadline passes, and told so', async () => {
    const { sleep, ring } = handClock();
    let told = false;
    const pending = withinDeadline({ ms: 5, sleep }, (signal) => {
      signal.addEventListener('abort', () => (told = true));
      return new Promise<never>(() => {});
    });
    ring();
    expect(await pending).toEqual({ kind: 'timeout' });
    expect(told).toBe(true);
  });

  it('ends with the caller', async () => {
    const { sleep } = handClock();
    const stop = new AbortController();
    let told = false;
    const pending = withinDeadline({ ms: 5, sleep, signal: stop.signal }, (signal) => {
      signal.addEventListener('abort', () => (told = true));
      return new Promise<never>(() => {});
    });
    stop.abort();
    // At once, not a few turns later: by then the work could have sent what nobody wants any more.
    expect(told).toBe(true);
    expect(await pending).toEqual({ kind: 'cancelled' });
    let ran = false;
    const late = await withinDeadline({ ms: 5, sleep, signal: stop.signal }, async () => (ran = true));
    expect([late, ran]).toEqual([{ kind: 'cancelled' }, false]);
  });

  it('may throw, and may throw after nobody waits any more', async () => {
    const { sleep, ring } = handClock();
    await expect(
      withinDeadline({ ms: 5, sleep }, () => Promise.reject(new Error('a defect'))),
    ).rejects.toThrow('a defect');
    let fail: (error: Error) => void = () => {};
    const pending = withinDeadline(
      { ms: 5, sleep },
      () => new Promise<never>((_resolve, reject) => (fail = reject)),
    );
    ring();
    expect(await pending).toEqual({ kind: 'timeout' });
    // Unhandled, it would fail this run.
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('leaves no listener on a signal that lives long', async () => {
    const { sleep } = handClock();
    const stop = new AbortController();
    let listeners = 0;
    const { signal } = stop;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = ((...args: Parameters<typeof add>) => (
      listeners++,
      add(...args)
    )) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => (
      listeners--,
      remove(...args)
    )) as typeof remove;
    for (let i = 0; i < 100; i++) await withinDeadline({ ms: 5, sleep, signal }, async () => i);
    expect(listeners).toBe(0);
  });
});
