import { getMaxListeners } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { openProcess } from './cli-process.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const before = SIGNALS.map((signal) => process.listeners(signal));

// The process of this test is not a command: it has to end when it is told to.
afterEach(() => {
  for (const [at, signal] of SIGNALS.entries())
    for (const listener of process.listeners(signal))
      if (!before[at]?.includes(listener)) process.off(signal, listener);
});

it('lets any number of requests listen for Ctrl+C without a warning on standard error', () => {
  const { signal } = openProcess();
  expect(getMaxListeners(signal)).toBe(0);
  expect(getMaxListeners(AbortSignal.any([signal, AbortSignal.timeout(1)]))).toBe(0);
});
