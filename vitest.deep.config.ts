import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { ALONE, ShortestFirst } from './scripts/shortest-first.ts';

type ProjectConfig = NonNullable<TestProjectInlineConfiguration['test']>;

/** Test files that try more than a sample when they are asked to; see `main/testing/how-often.ts`. */
const sampled = ['main', 'shared', 'e2e/gates'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .filter((file) => readFileSync(join(import.meta.dirname, file), 'utf8').includes('howOften(')),
);

const node: ProjectConfig = {
  environment: 'node',
  // What is compiled is kept, as in vitest.config.ts.
  env: {
    SESSION_LOG_DEEP: '1',
    NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'session-log-compiled'),
  },
  testTimeout: 3_600_000,
  hookTimeout: 600_000,
};

/** `npm run test:deep`: what takes too long for every commit. As many files at once as there are cores, then those that measure, each alone. */
export default defineConfig({
  test: {
    sequence: { sequencer: ShortestFirst },
    projects: [
      {
        test: {
          ...node,
          name: 'deep',
          include: ['{e2e,main,shared}/**/*.deep.test.ts', ...sampled],
          exclude: ALONE,
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          ...node,
          name: 'deep-alone',
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
