import { getMaxListeners } from 'node:events';
import { expect, it } from 'vitest';
import { openProcess } from './cli-process.ts';

it('lets any number of requests listen for Ctrl+C without a warning on standard error', () => {
  const { signal } = openProcess();
  expect(getMaxListeners(signal)).toBe(0);
});
