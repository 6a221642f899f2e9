import { defineConfig } from 'vitest/config';

/** `npm run test:deep`: what takes too long for every commit. One file at a time, because some of it measures. */
export default defineConfig({
  test: {
    name: 'deep',
    environment: 'node',
    include: ['{e2e,main,shared}/**/*.deep.test.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
});
