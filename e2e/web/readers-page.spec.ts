import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureOptions } from '../fixture/fixture-service.ts';
import { expect, test } from '../harness/web-test.ts';
import { axeFaults } from './axe-faults.ts';
import { sidewaysScroll, STATE_SCREENS, withMadeUpPage } from './made-up-page.ts';

const STATES: readonly (readonly [string, NonNullable<FixtureOptions['sealing']>, string])[] = [
  ['clear', {}, 'The store is in the clear'],
  ['member', { standing: 'member', asking: true }, 'mara-mbp asks to join'],
  ['outside', { standing: 'outside' }, 'The store is sealed, and this machine has no key'],
];

for (const [name, sealing, shows] of STATES)
  test(`who can read, ${name}: readable in both schemes, and as narrow as a telephone`, async ({
    browser,
  }) => {
    mkdirSync(STATE_SCREENS, { recursive: true });
    await withMadeUpPage(browser, { logs: 20, sealing }, async ({ page, url }) => {
      await page.goto(`${url}#/settings/readers`);
      await expect(page.getByText(shows, { exact: true })).toBeVisible();
      if (name === 'outside') {
        await page.getByRole('button', { name: 'Ask to join' }).click();
        await expect(page.getByText('This machine’s words')).toBeVisible();
      }
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width: 1240, height: 1100 });
        expect(await axeFaults(page, scheme)).toEqual([]);
        await page.screenshot({ path: join(STATE_SCREENS, `readers-${name}-${scheme}.png`) });
        await page.setViewportSize({ width: 320, height: 900 });
        await expect.poll(() => sidewaysScroll(page)).toBe(0);
      }
    });
  });

test('a store is sealed with the keyboard alone, and the key is what is printed', async ({ browser }) => {
  await withMadeUpPage(browser, { logs: 20 }, async ({ page, fixture, url }) => {
    await page.setViewportSize({ width: 1240, height: 860 });
    await page.goto(`${url}#/settings/readers`);
    await page.getByRole('button', { name: 'Seal the store…' }).press('Enter');
    await page.screenshot({ path: join(STATE_SCREENS, 'readers-seal.png') });
    await page.getByRole('button', { name: 'Seal', exact: true }).press('Enter');
    await expect(page.getByRole('dialog').getByRole('progressbar')).toBeVisible();
    while (fixture.operations.step());
    const handed = page.getByRole('dialog', { name: 'Your recovery key' });
    await expect(handed).toBeVisible();
    expect(await axeFaults(page, 'light')).toEqual([]);
    await page.screenshot({ path: join(STATE_SCREENS, 'readers-recovery.png') });
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByText(/^AGE-SECRET-KEY-1/)).toHaveCSS('visibility', 'visible');
    await expect(page.getByText('Print', { exact: true })).toHaveCSS('visibility', 'hidden');
    await page.emulateMedia({ media: 'screen' });
    await handed.getByRole('checkbox', { name: 'I have stored it safely' }).press('Space');
    await handed.getByRole('button', { name: 'Done' }).press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('group', { name: 'The store is sealed' })).toBeVisible();
  });
});
