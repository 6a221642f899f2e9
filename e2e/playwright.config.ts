import { defineConfig } from '@playwright/test';
import { findChromium } from './harness/chromium.ts';

const chromium = findChromium();

/** One worker and no retries: the tests share two cores with what they start, and a flaky test is a failed test. */
export default defineConfig({
  workers: 1,
  retries: 0,
  timeout: 60_000,
  forbidOnly: process.env['CI'] !== undefined,
  // The JSON report goes where PLAYWRIGHT_JSON_OUTPUT_FILE says.
  reporter: [
    ['list'],
    [
      'json',
      { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ?? '../test-results/reports/e2e.json' },
    ],
  ],
  projects: [
    { name: 'electron', testDir: 'electron', outputDir: '../test-results/electron' },
    {
      name: 'web',
      testDir: 'web',
      outputDir: '../test-results/web',
      // Without a browser each test says so itself and is skipped.
      use: 'options' in chromium ? { browserName: 'chromium', launchOptions: chromium.options } : {},
    },
  ],
});
