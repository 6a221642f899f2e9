import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';

type ProjectConfig = NonNullable<TestProjectInlineConfiguration['test']>;

/** Files at once. By default two cores would run one at a time, and a good part of the tests is waiting for processes and disks. */
const WORKERS = Math.max(2, availableParallelism() - 1);

/** What every project that runs in Node shares; `*.deep.test.ts` run by `npm run test:deep` alone. */
const node: ProjectConfig = {
  environment: 'node',
  exclude: ['**/*.deep.test.ts', '**/node_modules/**'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is waited for is an event, not a time: a busy machine may take a while to come to it.
  expect: { poll: { timeout: 30_000 } },
  maxWorkers: WORKERS,
};

/**
 * Files of a project share the modules of their worker, which are loaded once and not for each file: almost half of the processor time. So a
 * module that remembers something remembers it for the next file, and what a test changes of its process it puts back.
 */
const SHARED_MODULES = { isolate: false } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...node,
          ...SHARED_MODULES,
          name: 'node',
          include: ['shared/**/*.test.ts', 'main/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        test: {
          ...SHARED_MODULES,
          name: 'dom',
          environment: 'happy-dom',
          // A page of a hundred thousand rows takes its time where two cores do everything at once; none of these tests is timed.
          testTimeout: 60_000,
          maxWorkers: WORKERS,
          include: ['renderer/**/*.test.ts', 'renderer/**/*.test.tsx'],
        },
      },
      { test: { ...node, name: 'cli', include: ['e2e/cli/**/*.test.ts'] } },
      { test: { ...node, name: 'gates', include: ['e2e/gates/**/*.test.ts'], maxWorkers: 2 } },
    ],
  },
});
