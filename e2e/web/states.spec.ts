import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { LogId } from '../../shared/domain/ids.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import type { Fixture, FixtureOptions } from '../fixture/fixture-service.ts';
import { expect, test } from '../harness/web-test.ts';
import { goTo } from './browse-test.ts';
import { axeFaults } from './axe-faults.ts';
import { sidewaysScroll, STATE_SCREENS, withMadeUpPage } from './made-up-page.ts';

/**
 * States that are hard to bring about with a real store (denied, deferred, a shrunk log, several machines), shown by the built pages over a
 * made-up app: each is looked at by axe with its real colours, in both schemes, wide and at 320 pixels (400 % zoom of a small screen).
 */
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
      await page.getByRole('option', { name: /^Undo the broken rollout of the rate limiter/ }).click();
      await expect(page.getByRole('article').getByRole('heading', { name: 'Key Decisions' })).toBeVisible();
    },
  },
  {
    name: 'daily-logs',
    show: async (page) => {
      await page
        .getByRole('option', { name: /daily logs? of/ })
        .first()
        .click();
      await expect(
        page
          .getByRole('dialog', { name: /^Daily logs of/ })
          .getByRole('button')
          .first(),
      ).toBeVisible();
    },
  },
  {
    name: 'daily-log',
    show: async (page, fixture) => {
      const file = fixture.index.files.find((one) => one.place === 'local' && one.sessions > 1);
      await goTo(page, hashOf({ view: 'logs', log: file?.id as LogId }));
      await expect(page.getByRole('article').getByText('Focus:').first()).toBeVisible();
    },
  },
  {
    name: 'copies',
    show: async (page, fixture) => {
      const row = fixture.index.rows.find((one) => one.place === 'workspace' && one.copies > 0);
      await goTo(page, hashOf({ view: 'logs', log: row?.id as LogId }));
      await page.getByRole('button', { name: 'Also in 1 place' }).click();
      await expect(page.getByRole('button', { name: /^Daily log on hal-mbp-2024/ })).toBeVisible();
    },
  },
  {
    name: 'labels',
    show: async (page, fixture) => {
      const row = fixture.index.rows.find((one) => one.place === 'local');
      const label = '[secret: github personal access token, kept on jonas-studio-of-the-harbour]';
      const text = `# Keys\n\n## Work\n\nIt was ${label} and \`A=${label}\` then.\n\n- **Key:** ${label}\n\n> ${label}\n\n|a|b|\n|-|-|\n|${label}|${label}|\n\n\`\`\`\nA=${label}\n\`\`\`\n`;
      fixture.texts.set(row?.id as LogId, text);
      await goTo(page, hashOf({ view: 'logs', log: row?.id as LogId }));
      await expect(page.getByRole('button', { name: label }).first()).toBeVisible();
    },
  },
  {
    name: 'not-pulled',
    options: { scenario: 'offline' },
    show: async (page, fixture) => {
      const row = fixture.index.rows.find((one) => one.place === 'store');
      await goTo(page, hashOf({ view: 'logs', log: row?.id as LogId }));
      await expect(page.getByRole('button', { name: 'Pull this log' })).toBeVisible();
    },
  },
  { name: 'no-match', path: '#/logs?q=zebra&project=harbor-api', show: heading('Nothing found') },
  { name: 'stranger', options: { scenario: 'empty', stranger: true }, show: heading('No sessions yet') },
  { name: 'empty', options: { scenario: 'empty' }, show: heading('No sessions yet') },
  { name: 'first-run', options: { scenario: 'first-run' }, show: heading('Welcome to Session Log') },
  { name: 'deferred', path: '#/sync', options: { scenario: 'deferred' }, show: heading('Deferred') },
  { name: 'attention', path: '#/sync', options: { scenario: 'attention' }, show: heading('Needs attention') },
  {
    name: 'second-account',
    path: '#/sync',
    options: { scenario: 'second-account' },
    show: heading('Needs attention'),
  },
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
    options: { scenario: 'denied' },
    show: async (page, fixture) => {
      await page.getByRole('button', { name: 'More ways to sync' }).click();
      await page.getByRole('menuitem', { name: 'Push only' }).click();
      await expect.poll(() => fixture.operations.finished.length).toBe(1);
      await page.locator('summary').first().click();
      await expect(page.getByText('Failed').first()).toBeVisible();
    },
  },
  { name: 'panel-deferred', path: 'panel', options: { scenario: 'deferred' }, show: heading('Deferred') },
  {
    name: 'panel-attention',
    path: 'panel',
    options: { scenario: 'attention' },
    show: heading('Needs attention'),
  },
  { name: 'panel-denied', path: 'panel', options: { scenario: 'denied' }, show: heading('Needs attention') },
];

for (const state of STATES) {
  test(`${state.name} is readable in both schemes and at 320 pixels`, async ({ browser }) => {
    mkdirSync(STATE_SCREENS, { recursive: true });
    await withMadeUpPage(browser, state.options ?? {}, async ({ page, fixture, url }) => {
      const isPanel = state.path?.startsWith('panel') === true;
      await page.setViewportSize(isPanel ? { width: 400, height: 600 } : { width: 1360, height: 860 });
      await page.goto(url + (state.path ?? ''));
      await state.show(page, fixture);
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        expect(await axeFaults(page, scheme)).toEqual([]);
        await page.screenshot({ path: join(STATE_SCREENS, `${state.name}-${scheme}.png`) });
      }
      await page.setViewportSize({ width: 320, height: 640 });
      await expect.poll(() => sidewaysScroll(page)).toBe(0);
      await page.screenshot({ path: join(STATE_SCREENS, `${state.name}-320.png`) });
    });
  });
}

test('nothing moves for who wants less motion, not for a frame', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.goto(url);
    await expect(page.getByText('600 sessions')).toBeVisible();
    const text = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).color);
    const light = await text();
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    expect(await text()).not.toBe(light);
  });
});
