import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LogId } from '../../shared/domain/ids.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import { expect, test } from '../harness/web-test.ts';
import type { Page } from '@playwright/test';
import { axeFaults } from './axe-faults.ts';
import { sidewaysScroll, STATE_SCREENS, withMadeUpPage } from './made-up-page.ts';

const hits = (page: Page) => page.getByRole('listbox', { name: 'Found logs' });
const type = async (page: Page, words: string): Promise<void> => {
  // Nobody presses a key before there is something to see, and until then nothing hears it.
  const box = page.getByRole('searchbox', { name: 'Find logs' });
  await expect(box).toBeVisible();
  await page.keyboard.press('/');
  await expect(box).toBeFocused();
  await page.keyboard.type(words, { delay: 20 });
};

test('words are found in the text as one types, and a hit opens at its line with the words marked', async ({
  browser,
}) => {
  await withMadeUpPage(browser, { logs: 60 }, async ({ page, fixture, url }) => {
    const row = fixture.index.rows.find((one) => one.place === 'local');
    const filler = Array.from({ length: 300 }, (_, n) => `Line ${n} of nothing much.\n`).join('\n');
    fixture.texts.set(row?.id as LogId, `# Deep\n\n${filler}\n## Pending\n\nThe gyroscope drifts at noon.\n`);
    await page.goto(url);
    await expect(page.getByText('60 sessions')).toBeVisible();
    await type(page, 'gyroscope');
    await expect(page.getByText('1 found', { exact: true })).toBeVisible();
    const option = hits(page).getByRole('option').first();
    await expect(option).toContainText('Pending: The gyroscope drifts at noon.');
    await expect(option.locator('mark')).toHaveText('gyroscope');
    await expect(page).toHaveURL(/#\/logs\?q=gyroscope$/);
    await page.keyboard.press('Enter');
    const article = page.getByRole('article');
    await expect(article.getByText('The gyroscope drifts at noon.')).toBeInViewport();
    await expect(article.getByRole('status').filter({ hasText: '1 of 1' })).toBeVisible();
    await expect(hits(page)).toBeFocused();
    await expect.poll(() => page.evaluate(() => CSS.highlights.get('find-current')?.size)).toBe(1);
    await page.reload();
    await expect(page.getByRole('article').getByText('The gyroscope drifts at noon.')).toBeInViewport();
    await page.goBack();
    await expect(hits(page)).toBeVisible();
    await page.goBack();
    await expect(page.getByText('60 sessions')).toBeVisible();
  });
});

test('a log that is only in the store says so, and is pulled when its hit is opened', async ({ browser }) => {
  await withMadeUpPage(browser, { logs: 60 }, async ({ page, fixture, url }) => {
    const row = fixture.index.rows.find((one) => one.place === 'store');
    fixture.texts.set(row?.id as LogId, '# Far away\n\nAn astrolabe of another machine.\n');
    await page.goto(url);
    await type(page, 'astrolabe');
    await expect(hits(page).getByRole('option').first()).toContainText('Not pulled');
    await page.keyboard.press('Enter');
    await expect(hits(page)).toBeFocused();
    await expect(hits(page).getByRole('option', { selected: true })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect.poll(() => fixture.operations.running.map(({ kind }) => kind)).toEqual(['pull']);
    while (fixture.operations.step());
    await expect(page.getByRole('article').getByText('An astrolabe of another machine.')).toBeVisible();
  });
});

test('a search is saved, renamed and taken up again, and `?` explains the language', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.goto(url);
    await type(page, 'manifest jitter');
    await expect(page).toHaveURL(/q=manifest%20jitter$/);
    await page.getByRole('button', { name: 'Searches' }).click();
    const menu = page.getByRole('dialog', { name: 'Searches' });
    await menu.getByRole('textbox').fill('Slow nights');
    await menu.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(menu.getByRole('button', { name: 'Slow nights', exact: true })).toBeVisible();
    await menu.getByRole('button', { name: 'Rename Slow nights' }).click();
    await menu.getByRole('textbox', { name: 'Name of the search' }).fill('Nights');
    await page.keyboard.press('Enter');
    await expect(menu.getByRole('button', { name: 'Nights', exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
    await page.getByRole('button', { name: 'Clear search' }).click();
    await expect(page.getByText('600 sessions')).toBeVisible();
    await page.getByRole('button', { name: 'Searches' }).click();
    await menu.getByRole('button', { name: 'Nights', exact: true }).click();
    await expect(page).toHaveURL(/q=manifest%20jitter/);
    await page.getByRole('button', { name: 'How to search' }).click();
    await expect(page.getByRole('dialog', { name: 'How to search' })).toContainText('section:"Pending"');
  });
});

test('finding nothing names the next steps, and what is not indexed yet is said', async ({ browser }) => {
  const progress = { waiting: 1_234, held: 'stopped' as const };
  await withMadeUpPage(browser, { searching: { progress } }, async ({ page, fixture, url }) => {
    await page.goto(url);
    await page.getByRole('checkbox', { name: 'harbor-api' }).check();
    await type(page, 'zzzz');
    await expect(page.getByText('Nothing found')).toBeVisible();
    await expect(page.getByText('1,234 logs are not indexed yet')).toBeVisible();
    await page.getByRole('button', { name: 'Index now' }).click();
    await expect.poll(() => fixture.asked).toContain('build true');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(page).toHaveURL(/#\/logs\?q=zzzz$/);
    await expect(page.getByRole('button', { name: 'Check for new logs' })).toBeVisible();
  });
});

test('hits are drawn in both schemes and at 320 pixels without a fault', async ({ browser }) => {
  mkdirSync(STATE_SCREENS, { recursive: true });
  const searching = { explanations: ['“usr:” is no field; did you mean “user:”?'] };
  await withMadeUpPage(browser, { searching }, async ({ page, fixture, url }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    const row = fixture.index.rows[2];
    await page.goto(url + hashOf({ view: 'logs', log: row?.id as LogId }));
    await expect(page.getByRole('article')).toBeVisible();
    await type(page, 'manifest cache');
    await expect(hits(page).getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(hits(page).getByRole('option', { selected: true })).toBeVisible();
    await expect(page.getByRole('article')).toBeVisible();
    await expect(page).toHaveURL(/q=manifest%20cache/);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: join(STATE_SCREENS, `search-${scheme}.png`) });
      expect(await axeFaults(page, scheme)).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${url}#/logs?q=manifest%20cache`);
    await expect(hits(page)).toBeVisible();
    await expect.poll(() => sidewaysScroll(page)).toBe(0);
    await page.screenshot({ path: join(STATE_SCREENS, 'search-320.png') });
  });
});
