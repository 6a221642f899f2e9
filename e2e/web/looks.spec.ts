import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { axeFaults } from './axe-faults.ts';
import { expect, goTo, row, SCREENSHOTS, test } from './browse-test.ts';

interface View {
  readonly name: string;
  /** Goes there and waits until all of it is drawn. */
  readonly open: (page: Page) => Promise<void>;
}

const settingsPage = (name: string, heading: string): View => ({
  name: `settings-${name}`,
  open: async (page) => {
    await goTo(page, `#/settings/${name}`);
    await expect(page.getByRole('heading', { level: 2, name: heading })).toBeVisible();
  },
});

/** Each goes on from where the one before it ended. */
const CONTENT: readonly View[] = [
  {
    name: 'list',
    open: async (page) => {
      await goTo(page, '#/logs');
      await expect(page.getByText('Choose a log to read')).toBeVisible();
    },
  },
  {
    name: 'log',
    open: async (page) => {
      await row(page, /Ledger retries no longer double-post/).click();
      await expect(page.getByRole('article').getByRole('heading', { name: 'Session Summary' })).toBeVisible();
    },
  },
  {
    name: 'log-raw',
    open: async (page) => {
      await page.getByRole('button', { name: 'Show raw text' }).click();
      await expect(page.getByRole('article').getByText(/^## Session Summary/)).toBeVisible();
    },
  },
  {
    name: 'notes',
    open: async (page) => {
      await goTo(page, '#/notes');
      await page.getByRole('listbox', { name: 'Notes' }).getByRole('option').first().click();
      await expect(page.getByRole('article')).toBeVisible();
    },
  },
  {
    name: 'sync',
    open: async (page) => {
      await goTo(page, '#/sync');
      await expect(page.getByRole('button', { name: 'Sync now' })).toBeVisible();
    },
  },
  {
    name: 'pending',
    open: async (page) => {
      await goTo(page, '#/pending');
      await expect(page.getByRole('heading', { name: 'To do' })).toBeVisible();
      await expect(page.getByText(/^\d+ open tasks?$/)).toBeVisible();
    },
  },
  {
    name: 'sessions',
    open: async (page) => {
      await goTo(page, '#/sessions');
      const list = page.getByRole('listbox', { name: 'Agent sessions' });
      await expect(list.getByRole('option', { name: /Print styles/ })).toContainText(
        'Deleted by the agent in',
      );
    },
  },
  {
    name: 'conversation',
    open: async (page) => {
      const list = page.getByRole('listbox', { name: 'Agent sessions' });
      await list.getByRole('option', { name: /The statement list jumps/ }).click();
      const conversation = page.getByRole('region', { name: 'Conversation' });
      await conversation.getByText(/^Subagent:/).click();
      await expect(conversation.getByText('End of the conversation')).toBeVisible();
    },
  },
];

const SETTINGS_AND_KEYS: readonly View[] = [
  settingsPage('store', 'Store'),
  {
    name: 'settings-readers',
    open: async (page) => {
      await goTo(page, '#/settings/readers');
      await expect(page.getByRole('heading', { level: 3, name: 'Where logs go' })).toBeVisible();
    },
  },
  settingsPage('machine', 'This machine'),
  settingsPage('workspaces', 'Workspaces'),
  settingsPage('sessions', 'Agent sessions'),
  settingsPage('schedule', 'Schedule'),
  settingsPage('notifications', 'Notifications'),
  settingsPage('app', 'App'),
  {
    name: 'welcome',
    open: async (page) => {
      await goTo(page, '#/welcome');
      await expect(page.getByRole('heading', { name: 'Welcome to Session Log' })).toBeVisible();
    },
  },
  {
    name: 'palette',
    open: async (page) => {
      await goTo(page, '#/logs');
      await expect(page.getByText('Choose a log to read')).toBeVisible();
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('combobox')).toBeFocused();
    },
  },
  {
    name: 'shortcuts',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];

/** What axe finds in the page in both schemes, with a picture of each. */
async function faultsOf(page: Page, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${scheme}.png`) });
    for (const fault of await axeFaults(page, scheme)) found.push(`${scheme}: ${fault}`);
  }
  return found;
}

for (const [name, views] of [
  ['content', CONTENT],
  ['settings and keys', SETTINGS_AND_KEYS],
] as const)
  test(`every view of ${name} has no fault that axe finds, in both schemes`, async ({ logs }) => {
    // Many views, each read by axe as a whole.
    test.setTimeout(240_000);
    await logs.emulateMedia({ reducedMotion: 'reduce' });
    for (const view of views) {
      await view.open(logs);
      expect.soft(await faultsOf(logs, view.name), view.name).toEqual([]);
    }
  });

test('the panel has no fault that axe finds, in both schemes', async ({ logs }) => {
  await logs.emulateMedia({ reducedMotion: 'reduce' });
  await logs.setViewportSize({ width: 400, height: 600 });
  await logs.goto(new URL('/panel/index.html', logs.url()).href);
  await expect(logs.getByRole('button', { name: /Open log browser/ })).toBeVisible();
  await expect(logs.getByText('Dark mode: contrast of amounts')).toBeVisible();
  expect(await faultsOf(logs, 'panel')).toEqual([]);
});

test('a narrow window shows the list or the log, with a way back', async ({ logs }) => {
  // 1280 pixels at 400 % zoom.
  await logs.setViewportSize({ width: 320, height: 800 });
  await row(logs, /Statement page: grouping by transfer key/).click();
  await expect(logs.getByRole('article')).toBeVisible();
  const wide = () => logs.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(wide).toBeLessThanOrEqual(320);
  await logs.screenshot({ path: join(SCREENSHOTS, 'log-narrow-light.png') });
  await logs.getByRole('button', { name: 'Back to the list' }).click();
  await expect(row(logs, /Statement page: grouping by transfer key/)).toBeVisible();
});
