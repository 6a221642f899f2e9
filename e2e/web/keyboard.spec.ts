import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../harness/web-test.ts';
import { STATE_SCREENS, withMadeUpPage } from './made-up-page.ts';

const WIDE = { width: 1280, height: 800 };

/** Colours of the pixels of an element along its left edge, each once, from top to bottom. */
async function leftEdge(page: Page, element: Locator): Promise<readonly string[]> {
  const image = (await element.screenshot()).toString('base64');
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.codePointAt(0) ?? 0);
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const { data: pixels } = context?.getImageData(0, 0, 1, bitmap.height) ?? {
      data: new Uint8ClampedArray(),
    };
    const rows = Array.from({ length: bitmap.height }, (_, y) => pixels.slice(y * 4, y * 4 + 3).join(','));
    return [...new Set(rows)];
  }, image);
}

test('the focus ring of the list goes round headings and rows without a gap', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.setViewportSize(WIDE);
    await page.goto(url);
    const list = page.getByRole('listbox', { name: 'Logs' });
    await expect(list.getByRole('option').first()).toBeVisible();
    // Some way down a heading sticks to the top of the list, and another follows in the middle.
    await list.evaluate((element) => element.scrollTo(0, 40));
    await expect.poll(async () => (await leftEdge(page, list)).length).toBeGreaterThan(1);
    await page.keyboard.press('Tab');
    await list.focus();
    await expect.poll(() => leftEdge(page, list)).toHaveLength(1);
    await page.screenshot({ path: join(STATE_SCREENS, 'focus-ring.png') });
  });
});

test('a menu is opened, worked and left by the keyboard', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.setViewportSize(WIDE);
    await page.goto(url);
    await expect(page.getByRole('listbox', { name: 'Logs' }).getByRole('option').first()).toBeVisible();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const log = page.getByRole('article');
    await expect(log.getByRole('region').first()).toBeFocused();
    const more = log.getByRole('button', { name: 'More actions' });
    await more.focus();
    await page.keyboard.press('ArrowDown');
    const items = page.getByRole('menu', { name: 'More actions' }).getByRole('menuitem');
    await expect(items.first()).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(items.last()).toBeFocused();
    await page.keyboard.press('Home');
    await page.keyboard.type('cc');
    await expect(page.getByRole('menuitem', { name: 'Copy path' })).toBeFocused();
    await page.screenshot({ path: join(STATE_SCREENS, 'menu.png') });
    await page.keyboard.press('Escape');
    await expect(more).toBeFocused();
    await expect(items).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(items.first()).toBeFocused();
    // Tab closes it and goes on behind its button: into the text.
    await page.keyboard.press('Tab');
    await expect(items).toHaveCount(0);
    await expect(log.getByRole('region').first()).toBeFocused();
  });
});

test('in a narrow window Enter opens the log and gives it the focus, Escape leads back to its row', async ({
  browser,
}) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.setViewportSize({ width: 480, height: 800 });
    await page.goto(url);
    const list = page.getByRole('listbox', { name: 'Logs' });
    await expect(list.getByRole('option').first()).toBeVisible();
    const chosen = list.getByRole('option', { selected: true });
    for (let row = 0; row < 30; row++) await page.keyboard.press('j');
    await expect(chosen).toBeInViewport();
    const words = await chosen.textContent();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('article').getByRole('region').first()).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(chosen).toHaveText(words ?? '?');
    await expect(chosen).toBeInViewport();
    await page.keyboard.press('j');
    await expect(chosen).not.toHaveText(words ?? '?');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await expect(chosen).toBeInViewport();
  });
});

test('a pointer that rests over the palette chooses nothing while one types', async ({ browser }) => {
  await withMadeUpPage(browser, {}, async ({ page, url }) => {
    await page.setViewportSize(WIDE);
    await page.goto(url);
    await expect(page.getByRole('listbox', { name: 'Logs' }).getByRole('option').first()).toBeVisible();
    await page.mouse.move(640, 300);
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    const options = page.getByRole('listbox', { name: 'Commands and logs' }).getByRole('option');
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    for (const words of ['re', 'restore the']) {
      await page.getByRole('combobox').fill(words);
      await expect(options.first()).toHaveAttribute('aria-selected', 'true');
      await page.waitForTimeout(300);
      await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    }
    await page.screenshot({ path: join(STATE_SCREENS, 'palette-pointer.png') });
    // One that moves does.
    await page.mouse.move(640, 330);
    await expect(options.first()).toHaveAttribute('aria-selected', 'false');
  });
});
