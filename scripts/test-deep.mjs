import { join } from 'node:path';
import { ROOT, runPrepared, say, toolEnvironment } from './bootstrap.mjs';
import { deepFiles, deepForecast } from './deep-forecast.mjs';
import { quickEnvironment } from './quick-folder.mjs';
import { handOver } from './run-command.mjs';
import { RESULTS_FILE } from './vitest-results-reporter.mjs';

/**
 * `npm run test:deep`: everything that takes too long for each change. Words after `--` choose files. What it came to is kept in
 * test-results/reports/deep.json and deep.md, also where it is ended early. What it will take is said first.
 */
await runPrepared(import.meta.url, async (node) => {
  const reporters = ['--reporter=default', '--reporter=./scripts/vitest-results-reporter.mjs'];
  const filters = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  for (const line of deepForecast(deepFiles(ROOT), filters, new Date())) say(line);
  const tool = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const env = {
    ...toolEnvironment(node),
    ...quickEnvironment(),
    [RESULTS_FILE]: join(ROOT, 'test-results', 'reports', 'deep.json'),
  };
  return handOver(
    node,
    [tool, 'run', '--config', 'vitest.deep.config.ts', ...reporters, ...process.argv.slice(2)],
    {
      cwd: ROOT,
      env,
    },
  );
});
