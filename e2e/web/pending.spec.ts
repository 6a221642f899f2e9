import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LogId } from '../../shared/domain/ids.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import { expect, test } from '../harness/web-test.ts';
import { axeFaults } from './axe-faults.ts';
import { sidewaysScroll, STATE_SCREENS, withMadeUpPage } from './made-up-page.ts';

test('a task is found, opened in its log and ticked off with the keyboard alone', async ({ browser }) => {
  await withMadeUpPage(browser, { logs: 200 }, async ({ page, fixture, url }) => {
    const listed = fixture.index.rows.filter(({ topic }) => topic !== null).slice(0, 12);
    const log = listed.find(({ id, place }) => place === 'local' && !id.includes('#'))?.id as LogId;
    await page.goto(url);
    await expect(page.getByText('200 sessions')).toBeVisible();
    await page.keyboard.press('3');
    const boxes = page.getByRole('checkbox');
    const open = page.getByText(/^\d+ open tasks$/);
    const count = Number.parseInt((await open.textContent()) ?? '', 10);
    await expect(boxes).toHaveCount(count);
    const place = page.locator(`a[href="${hashOf({ view: 'logs', log, line: 30 })}"]`);
    const box = page.getByRole('listitem').filter({ has: place }).getByRole('checkbox');
    await boxes.first().focus();
    const at = Number(await box.getAttribute('data-at'));
    for (let step = 0; step < at; step += 1) await page.keyboard.press('j');
    await expect(box).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/logs\/.+\?line=30$/);
    await expect(page.getByRole('article')).toBeVisible();
    await page.goBack();
    await expect(boxes).toHaveCount(count);
    await boxes.first().focus();
    await expect(boxes.first()).toBeFocused();
    await page.keyboard.press('x');
    await expect(page.getByText('Done, for the whole team')).toBeVisible();
    await expect(boxes).toHaveCount(count - 1);
    await expect(boxes.first()).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(boxes).toHaveCount(count);
  });
});

test('what is new is looked at by the button, and that can be taken back', async ({ browser }) => {
  await withMadeUpPage(browser, { logs: 200 }, async ({ page, url }) => {
    await page.goto(`${url}#/pending`);
    const since = page.getByRole('region', { name: /^Since/ });
    await expect(since.getByRole('status')).toContainText('2 notes, 3 tasks');
    await since.locator('summary').first().click();
    await expect(since.locator('details[open]').getByRole('link').first()).toBeVisible();
    await page.reload();
    await expect(since.getByRole('status')).toContainText('2 notes, 3 tasks');
    await since.getByRole('button', { name: 'Mark all as seen' }).click();
    await expect(since.getByRole('status')).toHaveText('Nothing new.');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(since.getByRole('status')).toContainText('new logs');
  });
});

test('both lists are readable in both schemes, and as narrow as a telephone', async ({ browser }) => {
  mkdirSync(STATE_SCREENS, { recursive: true });
  await withMadeUpPage(browser, { logs: 200 }, async ({ page, url }) => {
    await page.setViewportSize({ width: 1240, height: 860 });
    await page.goto(`${url}#/pending?done=1`);
    await page.getByRole('checkbox').nth(1).click();
    await expect(page.getByText(/^Done by hal/)).toBeVisible();
    await page.locator('summary').first().click();
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 1240, height: 860 });
      expect(await axeFaults(page, scheme)).toEqual([]);
      await page.screenshot({ path: join(STATE_SCREENS, `pending-${scheme}.png`) });
      for (const width of [420, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await expect.poll(() => sidewaysScroll(page)).toBe(0);
        await page.screenshot({ path: join(STATE_SCREENS, `pending-${scheme}-${width}.png`) });
      }
    }
  });
});

test('the panel begins with what is new', async ({ browser }) => {
  mkdirSync(STATE_SCREENS, { recursive: true });
  await withMadeUpPage(browser, { logs: 200 }, async ({ page, url }) => {
    await page.setViewportSize({ width: 400, height: 600 });
    await page.goto(`${url}panel`);
    await expect(page.getByRole('button', { name: /new logs, 2 notes, 3 tasks since/ })).toBeVisible();
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      expect(await axeFaults(page, scheme)).toEqual([]);
      await page.screenshot({ path: join(STATE_SCREENS, `panel-news-${scheme}.png`) });
    }
  });
});
