import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

type ProjectConfig = NonNullable<TestProjectInlineConfiguration['test']>;

/** Files at once: one more than there are cores, because a part of the tests is waiting. */
const WORKERS = availableParallelism() + 1;
/** Files at once where tests start processes and wait for them more than half of their time. */
const WAITING_WORKERS = availableParallelism() + 2;

/** Compiled code of the programs that tests start, kept from one to the next: for a short one, compiling is most of its work. */
const env = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'session-log-compiled'),
};

/** What every project that runs in Node shares; `*.deep.test.ts` run by `npm run test:deep` alone. */
const node: ProjectConfig = {
  environment: 'node',
  env,
  exclude: ['**/*.deep.test.ts', '**/node_modules/**'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is waited for is an event, not a time: a busy machine may take a while to come to it.
  expect: { poll: { timeout: 30_000 } },
  maxWorkers: WORKERS,
};

/** What the projects share whose tests start processes. They come after the others, because all of a group have as many workers. */
const waiting: ProjectConfig = { ...node, maxWorkers: WAITING_WORKERS, sequence: { groupOrder: 1 } };

/**
 * Files of a project share the modules of their worker, which are loaded once and not for each file: almost half of the processor time. So a
 * module that remembers something remembers it for the next file, and what a test changes of its process it puts back. The workers have a young
 * generation that holds what a test makes and drops, which saves a tenth of what is left.
 */
const SHARED_MODULES: ProjectConfig = { isolate: false, execArgv: ['--max-semi-space-size=64'] };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
      { test: { ...waiting, name: 'cli', include: ['e2e/cli/**/*.test.ts'] } },
      { test: { ...waiting, name: 'gates', include: ['e2e/gates/**/*.test.ts'] } },
    ],
  },
});
