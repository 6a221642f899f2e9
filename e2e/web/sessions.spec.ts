import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CalendarDate, LogId } from '../../shared/domain/ids.ts';
import { unwrap } from '../../shared/result.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import { expect, test } from '../harness/web-test.ts';
import { STATE_SCREENS, withMadeUpPage } from './made-up-page.ts';

test('filters live in the address: a reload keeps them and Back undoes them', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, fixture, url }) => {
    await page.goto(url);
    const box = page.getByRole('searchbox', { name: 'Find logs' });
    await page.getByRole('checkbox', { name: 'harbor-api' }).check();
    await expect(page).toHaveURL(/#\/logs\?project=harbor-api$/);
    await page.keyboard.press('/');
    await expect(box).toBeFocused();
    await page.keyboard.type('mira', { delay: 30 });
    await expect(page).toHaveURL(/#\/logs\?q=mira&project=harbor-api$/);
    const asked = { box: 'list' as const, text: 'mira', projects: ['harbor-api'] };
    const found = await fixture.app.search.find(asked, { kind: 'test', id: '1' });
    const total = unwrap(found).total.count;
    await expect(page.getByText(`${total} found`, { exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByText(`${total} found`, { exact: true })).toBeVisible();
    await expect(box).toHaveValue('mira');
    await expect(page.getByRole('checkbox', { name: 'harbor-api' })).toBeChecked();
    await page.goBack();
    await expect(box).toHaveValue('');
    await expect(page.getByRole('checkbox', { name: 'harbor-api' })).toBeChecked();
    await page.goBack();
    await expect(page.getByText('600 sessions')).toBeVisible();
  });
});

test('what is on screen stays there when logs come above it, and at its top the list shows them', async ({
  browser,
}) => {
  await withMadeUpPage(browser, {}, async ({ page, fixture, url }) => {
    await page.goto(url);
    await expect(page.getByText('600 sessions')).toBeVisible();
    const list = page.getByRole('listbox', { name: 'Logs' });
    await list.evaluate((element) => element.scrollTo(0, 2_000));
    await expect(list.locator('[aria-posinset="1"]')).toHaveCount(0);
    // A heading's daily logs are an option of the list too, which comes when it likes.
    const seen = list.locator('[aria-posinset]').nth(12);
    await expect(seen).not.toHaveText('');
    const words = (await seen.textContent()) ?? '';
    const kept = list.getByRole('option').filter({ hasText: words }).first();
    const before = (await kept.boundingBox())?.y;
    const add = (n: number, day: string): void => {
      const date = day as CalendarDate;
      fixture.addLog({
        id: `${fixture.index.rows[0]?.machine}/${day}-hal-new-${n}.md` as LogId,
        date,
        title: `New ${n}`,
      });
    };
    // One under a heading of its own, two under one that is there.
    add(1, '2026-11-22');
    add(2, '2026-11-21');
    add(3, '2026-11-21');
    await expect(page.getByText('603 sessions')).toBeVisible();
    await expect.poll(async () => (await kept.boundingBox())?.y).toBe(before);
    await list.evaluate((element) => element.scrollTo(0, 0));
    await expect(list.getByRole('option', { name: 'New 1' })).toBeInViewport();
    add(4, '2026-11-22');
    await expect(list.getByRole('option', { name: 'New 4' })).toBeInViewport();
  });
});

test('the daily logs of a day are reached by Tab and opened by Enter', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.goto(url);
    const fold = page.getByRole('option', { name: /daily logs? of Saturday, 21 November 2026/ });
    await expect(fold).toBeVisible();
    await page.getByRole('listbox', { name: 'Logs' }).focus();
    await page.keyboard.press('Tab');
    await expect(fold).toBeFocused();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('dialog', { name: 'Daily logs of Saturday, 21 November 2026' });
    await expect(menu.getByRole('button').first()).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
    await expect(fold).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(menu.getByRole('button').first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Daily log, 21 Nov' })).toBeVisible();
  });
});

test('keys pressed faster than a popover opens or closes are not lost', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.goto(url);
    const fold = page.getByRole('option', { name: /daily logs? of Saturday, 21 November 2026/ });
    const press = (...keys: string[]) => Promise.all(keys.map((key) => page.keyboard.press(key)));
    await fold.focus();
    await press(' ', 'Enter');
    await expect(page.getByRole('heading', { name: 'Daily log, 21 Nov' })).toBeVisible();
    const options = page.getByRole('button', { name: 'Group and order' });
    for (const control of [fold, options]) {
      await control.focus();
      await page.keyboard.press('Enter');
      const first = page.getByRole('dialog').locator('button, input').first();
      await expect(first).toBeFocused();
      await press('Escape', 'Enter');
      await expect(first).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(control).toBeFocused();
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
  });
});

test('a session names its other places, and each opens as it is there', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, fixture, url }) => {
    const row = fixture.index.rows.find((one) => one.place === 'workspace' && one.copies > 0);
    await page.goto(url + hashOf({ view: 'logs', log: row?.id as LogId }));
    const article = page.getByRole('article');
    await expect(article.getByRole('heading', { name: 'Key Decisions' })).toBeVisible();
    await article.getByRole('button', { name: 'Also in 1 place' }).click();
    await page.getByRole('button', { name: /^Daily log on hal-mbp-2024/ }).click();
    await expect(page).toHaveURL(/copy=exact/);
    await expect(article.getByText('Session ID:')).toBeVisible();
    await expect(article.getByRole('heading', { name: 'Key Decisions' })).toHaveCount(0);
  });
});

test('a window of 800 by 600 pixels gives its height to the rows', async ({ browser }) => {
  mkdirSync(STATE_SCREENS, { recursive: true });
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    for (const [width, height] of [
      [1240, 800],
      [800, 600],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(url);
      await expect(page.getByRole('option').nth(4)).toBeVisible();
      await expect(page.getByRole('grid')).toHaveCount(height < 700 ? 0 : 1);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(STATE_SCREENS, `list-${width}x${height}-${colorScheme}.png`) });
      }
    }
    await page.getByRole('button', { name: 'Show activity' }).click();
    await expect(page.getByRole('grid')).toBeVisible();
  });
});

test('the contents open from their button where there is no room beside the text', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.setViewportSize({ width: 1240, height: 800 });
    await page.goto(url);
    await page
      .getByRole('option', { name: /This machine/ })
      .first()
      .click();
    const article = page.getByRole('article');
    await expect(article.getByRole('heading', { name: 'Session Summary' })).toBeVisible();
    await article.getByRole('button', { name: 'Contents' }).click();
    const contents = page.getByRole('dialog', { name: 'Contents' });
    await contents.getByRole('button', { name: 'Reference Information' }).click();
    await expect(contents).toHaveCount(0);
    await expect(article.getByRole('heading', { name: 'Reference Information' })).toBeInViewport();
    await page.setViewportSize({ width: 1900, height: 800 });
    await expect(article.getByRole('navigation', { name: 'Contents' })).toBeVisible();
  });
});

test('paper shows the whole log and nothing around it', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, fixture, url }) => {
    const row = fixture.index.rows.find((one) => one.place === 'local' && one.topic !== null);
    const sections = Array.from(
      { length: 300 },
      (_, index) => `## Part ${index + 1}\n\nText of part ${index + 1}.\n`,
    );
    fixture.texts.set(row?.id as LogId, `# Long\n\n${sections.join('\n')}`);
    await page.goto(url + hashOf({ view: 'logs', log: row?.id as LogId }));
    await expect(page.getByText('Text of part 1.')).toBeVisible();
    await expect(page.getByText('Text of part 300.')).toHaveCount(0);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => globalThis.dispatchEvent(new Event('beforeprint')));
    await expect(page.getByText('Text of part 300.')).toBeVisible();
    await expect(page.getByRole('listbox', { name: 'Logs' })).toBeHidden();
    await expect(page.getByRole('navigation', { name: 'Views' })).toBeHidden();
    // Nothing scrolls inside: the text makes the page as long as it is.
    const height = () => page.evaluate(() => document.documentElement.scrollHeight);
    await expect.poll(height).toBeGreaterThan(10_000);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => globalThis.dispatchEvent(new Event('afterprint')));
    await expect(page.getByText('Text of part 300.')).toHaveCount(0);
  });
});
