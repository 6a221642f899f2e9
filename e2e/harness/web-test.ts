import { test as base } from '@playwright/test';
import { findChromium } from './chromium.ts';

/** What every test of the browser view is given beyond Playwright's own. */
export interface WebFixtures {
  /** Skips the test, with the reason, where no Chromium can be had. */
  readonly needsChromium: void;
}

/** Playwright's `test` in the system's Chromium, which the project `web` of the configuration names. */
export const test = base.extend<WebFixtures>({
  needsChromium: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
    async ({}, use, testInfo) => {
      const found = findChromium();
      if ('reason' in found) testInfo.skip(true, found.reason);
      await use();
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';
