import { join } from 'node:path';
import { expect, SCREENSHOTS, test } from './browse-test.ts';

const TEXT = '# Raised the pool\n\n## Session Summary\n\nRaised the pool to 40 connections.\n';

test('a session is saved from the palette, and its log opens from the receipt', async ({ logs }) => {
  await logs.keyboard.press('ControlOrMeta+k');
  await expect(logs.getByRole('combobox')).toBeFocused();
  await logs.keyboard.type('save a session');
  await logs.keyboard.press('Enter');
  const dialog = logs.getByRole('dialog', { name: 'Save a session' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('What was done').fill(TEXT);
  await expect(dialog.getByRole('region', { name: 'Before saving' })).toContainText('raised-the-pool.md');
  for (const colorScheme of ['light', 'dark'] as const) {
    await logs.emulateMedia({ colorScheme });
    await logs.screenshot({
      path: join(SCREENSHOTS, `save-form-${colorScheme}.png`),
      animations: 'disabled',
    });
  }
  await dialog.getByRole('button', { name: 'Save' }).click();
  const receipt = logs.getByRole('dialog', { name: 'Saved' });
  await expect(receipt).toContainText('raised-the-pool.md');
  await expect(receipt.getByRole('listitem')).toHaveText([
    'Daily log entered',
    'Git committed and pushed',
    'Store pushed',
  ]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await logs.emulateMedia({ colorScheme });
    await logs.screenshot({
      path: join(SCREENSHOTS, `save-receipt-${colorScheme}.png`),
      animations: 'disabled',
    });
  }
  await receipt.getByRole('button', { name: 'Open log' }).click();
  await expect(logs).toHaveURL(/#\/logs\/.+raised-the-pool\.md/);
  await expect(logs.getByText('Raised the pool to 40 connections.').first()).toBeVisible();
});
