import { defineConfig } from '@playwright/test';
import { findChromium } from './harness/chromium.ts';

const chromium = findChromium();

/**
 * Two workers, each with a display, a team and a browser of its own: a good part of a test is waiting for the program that it drives. No
 * retries: a flaky test is a failed test.
 */
export default defineConfig({
  workers: 2,
  fullyParallel: true,
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
    // What the tests of the app share is made once, before there are two workers that would make it.
    { name: 'pack', testDir: 'harness', testMatch: 'pack.setup.ts' },
    {
      name: 'electron',
      testDir: 'electron',
      outputDir: '../test-results/electron',
      dependencies: ['pack'],
    },
    {
      name: 'web',
      testDir: 'web',
      outputDir: '../test-results/web',
      // Without a browser each test says so itself and is skipped.
      use: 'options' in chromium ? { browserName: 'chromium', launchOptions: chromium.options } : {},
    },
  ],
});
