import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';

type ProjectConfig = NonNullable<TestProjectInlineConfiguration['test']>;

/** What every project that runs in Node shares; `*.deep.test.ts` run by `npm run test:deep` alone. */
const node: ProjectConfig = {
  environment: 'node',
  exclude: ['**/*.deep.test.ts', '**/node_modules/**'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...node,
          name: 'node',
          include: ['shared/**/*.test.ts', 'main/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'dom',
          environment: 'happy-dom',
          // A page of a hundred thousand rows takes its time where two cores do everything at once; none of these tests is timed.
          testTimeout: 60_000,
          include: ['renderer/**/*.test.ts', 'renderer/**/*.test.tsx'],
        },
      },
      { test: { ...node, name: 'cli', include: ['e2e/cli/**/*.test.ts'] } },
      {
        // Mostly waiting for child processes: by default two cores would run one file at a time.
        test: { ...node, name: 'gates', include: ['e2e/gates/**/*.test.ts'], maxWorkers: 2 },
      },
    ],
  },
});
