import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ShortestFirst } from './scripts/shortest-first.ts';

/** Test files that try more than a sample when they are asked to; see `main/testing/how-often.ts`. */
const sampled = ['main', 'shared', 'e2e/gates'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .filter((file) => readFileSync(join(import.meta.dirname, file), 'utf8').includes('howOften(')),
);

/** `npm run test:deep`: what takes too long for every commit. One file at a time, because some of it measures. */
export default defineConfig({
  test: {
    name: 'deep',
    environment: 'node',
    include: ['{e2e,main,shared}/**/*.deep.test.ts', ...sampled],
    // What is compiled is kept, as in vitest.config.ts.
    env: {
      SESSION_LOG_DEEP: '1',
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'session-log-compiled'),
    },
    fileParallelism: false,
    sequence: { sequencer: ShortestFirst },
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
});
