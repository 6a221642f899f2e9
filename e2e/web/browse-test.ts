import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startBrowse, type Browse } from '../harness/browse.ts';
import { test as base, expect } from '../harness/web-test.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CLI = join(ROOT, 'out', 'main', 'cli.js');
/** Screenshots of the run, for people to look at. */
export const SCREENSHOTS = join(ROOT, 'test-results', 'screenshots', 'web');

/** Rows of the list before a test adds any. */
export const LISTED = 34;

/** The three machines of `session-log demo` and the folder store that they share. */
export interface Team {
  /** Absolute path of the folder that holds the machines and the store. */
  readonly root: string;
  /** Absolute path of the data folder of Jonas's machine, which the browser view runs on. */
  readonly home: string;
  /** Absolute path of the store. */
  readonly store: string;
}

export interface BrowseFixtures {
  readonly team: Team;
  readonly browse: Browse;
  /** The log browser, signed in, with the logs of the team in its list. Any error on its console fails the test. */
  readonly logs: Page;
}

export interface BrowseWorkerFixtures {
  /** The team as it was made, never touched; each test works on a copy of it at the same path. */
  readonly demo: Team;
}

/** Playwright's `test` with the browser view of the built program over the demo team. */
export const test = base.extend<BrowseFixtures, BrowseWorkerFixtures>({
  demo: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'session-log-web-'));
      try {
        const root = join(folder, 'team');
        execFileSync(process.execPath, [CLI, 'demo', '--home', root, '--json']);
        const home = join(root, 'machines', 'jonas-studio');
        cpSync(root, join(folder, 'made'), { recursive: true, preserveTimestamps: true });
        await use({ root, home, store: join(root, 'store') });
      } finally {
        removeReadOnly(folder);
      }
    },
    { scope: 'worker' },
  ],
  team: async ({ demo }, use) => {
    // The same path again and again: settings and ledgers name it.
    removeReadOnly(demo.root);
    cpSync(join(demo.root, '..', 'made'), demo.root, { recursive: true, preserveTimestamps: true });
    await use(demo);
  },
  browse: async ({ team }, use) => {
    const browse = await startBrowse(team.home);
    try {
      await use(browse);
    } finally {
      expect(await browse.stop(), 'how `session-log browse` ends').toBe(0);
    }
  },
  logs: async ({ page, browse }, use) => {
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    // What cannot be clicked by then never will be: the whole test need not wait for it.
    page.setDefaultTimeout(10_000);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(browse.url);
    await expect(page.getByRole('status').getByText(`${LISTED} sessions`)).toBeVisible();
    await use(page);
    expect(errors, 'errors on the console').toEqual([]);
  },
});

export { expect } from '../harness/web-test.ts';

/** The row of a log in the list. */
export function row(page: Page, title: RegExp | string) {
  return page.getByRole('listbox', { name: 'Logs' }).getByRole('option', { name: title });
}

/** Goes to a place of the app as a bookmark does. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((place) => {
    globalThis.location.hash = place;
  }, hash);
}

/** Folders of the cache may not be written to, which a user who is not root must change before they can go. */
function removeReadOnly(folder: string): void {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true, force: true });
}
