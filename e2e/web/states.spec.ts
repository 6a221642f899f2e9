import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { serveFixture } from '../fixture/fixture-server.ts';
import { createFixture, type Fixture, type FixtureOptions } from '../fixture/fixture-service.ts';
import { expect, test } from '../harness/web-test.ts';

/**
 * States that are hard to bring about with a real store (denied, deferred, a shrunk log, several machines), shown by the built pages over a
 * made-up app: each is looked at by axe with its real colours, in both schemes, wide and at 320 pixels (400 % zoom of a small screen).
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCREENS = join(ROOT, 'test-results', 'screenshots', 'states');
const NOW = Date.UTC(2026, 10, 21, 14, 20);

interface State {
  readonly name: string;
  readonly path?: string;
  readonly options?: FixtureOptions;
  /** Ends when everything of the state is drawn. */
  readonly show: (page: Page, fixture: Fixture) => Promise<void>;
}

const heading = (name: string) => async (page: Page) => {
  await expect(page.getByRole('heading', { name, exact: true }).first()).toBeVisible();
};

const STATES: readonly State[] = [
  {
    name: 'log',
    options: { logs: 5_000 },
    show: async (page) => {
      await page.getByRole('option').nth(3).click();
      await expect(page.getByRole('article').getByRole('heading', { name: 'Key Decisions' })).toBeVisible();
    },
  },
  { name: 'empty', options: { scenario: 'empty' }, show: heading('No sessions yet') },
  { name: 'first-run', options: { scenario: 'first-run' }, show: heading('Welcome to Session Log') },
  { name: 'deferred', path: '#/sync', options: { scenario: 'deferred' }, show: heading('Deferred') },
  { name: 'attention', path: '#/sync', options: { scenario: 'attention' }, show: heading('Needs attention') },
  { name: 'offline', path: '#/sync', options: { scenario: 'offline' }, show: heading('Offline') },
  {
    name: 'store-denied',
    path: '#/settings/store',
    options: { scenario: 'denied' },
    show: async (page) => {
      await page.getByRole('button', { name: 'Test this store' }).click();
      await heading('This store does not work yet')(page);
    },
  },
  {
    name: 'identity',
    path: '#/settings/machine',
    options: { scenario: 'attention' },
    show: heading('Hardware 4 of 5 parts match'),
  },
  {
    name: 'failed-push',
    path: '#/sync',
    options: { scenario: 'offline' },
    show: async (page, fixture) => {
      await page.getByRole('main').getByRole('button', { name: 'Push now' }).click();
      await expect.poll(() => fixture.operations.finished.length).toBe(1);
      await page.locator('summary').first().click();
      await expect(page.getByText('Push failed')).toBeVisible();
    },
  },
  { name: 'panel-deferred', path: 'panel', options: { scenario: 'deferred' }, show: heading('Deferred') },
  { name: 'panel-denied', path: 'panel', options: { scenario: 'denied' }, show: heading('Needs attention') },
];

for (const state of STATES) {
  test(`${state.name} is readable in both schemes and at 320 pixels`, async ({ browser }) => {
    mkdirSync(SCREENS, { recursive: true });
    const fixture = createFixture({ logs: 600, now: () => NOW, ...state.options });
    const { server, url } = await serveFixture(fixture, join(ROOT, 'out', 'renderer'));
    // axe runs as a script of the page, which the page's own policy forbids.
    const context = await browser.newContext({
      bypassCSP: true,
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Berlin',
    });
    const problems: string[] = [];
    try {
      const page = await context.newPage();
      await page.clock.setSystemTime(NOW);
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      const isPanel = state.path?.startsWith('panel') === true;
      await page.setViewportSize(isPanel ? { width: 400, height: 600 } : { width: 1360, height: 860 });
      await page.goto(url + (state.path ?? ''));
      await state.show(page, fixture);
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
        ).toEqual([]);
        await page.screenshot({ path: join(SCREENS, `${state.name}-${scheme}.png`) });
      }
      await page.setViewportSize({ width: 320, height: 640 });
      await expect
        .poll(() =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        )
        .toBe(0);
      await page.screenshot({ path: join(SCREENS, `${state.name}-320.png`) });
      expect(problems).toEqual([]);
    } finally {
      await context.close();
      server.closeAllConnections();
      server.close();
    }
  });
}
