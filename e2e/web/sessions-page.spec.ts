import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeSessions } from '../fixture/fixture-sessions.ts';
import { expect, test } from '../harness/web-test.ts';
import { axeFaults } from './axe-faults.ts';
import { NOW, sidewaysScroll, STATE_SCREENS, withMadeUpPage } from './made-up-page.ts';

const all = makeSessions(NOW);

test('a session is found and opened with the keyboard alone', async ({ browser }) => {
  await withMadeUpPage(browser, { logs: 200 }, async ({ page, url }) => {
    await page.goto(url);
    await expect(page.getByText('200 sessions')).toBeVisible();
    await page.keyboard.press('4');
    const list = page.getByRole('listbox', { name: 'Agent sessions' });
    await expect(list.getByText(`${all.length} sessions`)).toBeVisible();
    // Only what is on screen exists.
    expect(await list.getByRole('option').count()).toBeLessThan(all.length);
    await list.focus();
    const selected = list.getByRole('option', { selected: true });
    await page.keyboard.press('End');
    await expect(selected).toHaveAttribute('aria-posinset', String(all.length));
    await page.keyboard.press('k');
    await expect(selected).toHaveAttribute('aria-posinset', String(all.length - 1));
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`#/sessions/[a-z-]+/${all.at(-2)?.id}$`));
    await expect(page.getByRole('article').first()).toContainText(all.at(-2)?.id ?? '');
    const prompts = page.getByRole('article', { name: 'Prompt' });
    await page.getByRole('button', { name: 'Next prompt' }).click();
    await expect(prompts.nth(0)).toBeFocused();
    await page.keyboard.press('n');
    await expect(prompts.nth(1)).toBeFocused();
    await expect(prompts.nth(1)).toBeInViewport();
    await page.getByLabel('Agent', { exact: true }).selectOption('Codex');
    const codex = all.filter(({ agent }) => agent === 'codex').length;
    await expect(list.getByText(`${codex} sessions`)).toBeVisible();
  });
});

test('all are kept by one button', async ({ browser }) => {
  await withMadeUpPage(browser, { logs: 20 }, async ({ page, fixture, url }) => {
    await page.goto(`${url}#/sessions`);
    await page.getByRole('button', { name: 'Keep all' }).click();
    await expect(page.getByRole('progressbar', { name: 'Keeping sessions' })).toBeVisible();
    while (fixture.operations.step());
    await expect(page.getByText('Made 19 logs and 24 safe copies.')).toBeVisible();
    await expect(page.getByText('Not safe')).toHaveCount(0);
  });
});

test('the page is readable in both schemes, and as narrow as a telephone', async ({ browser }) => {
  mkdirSync(STATE_SCREENS, { recursive: true });
  await withMadeUpPage(browser, { logs: 20 }, async ({ page, url }) => {
    const [first] = all;
    await page.setViewportSize({ width: 1240, height: 860 });
    await page.goto(`${url}#/sessions/${first?.agent}/${first?.id}`);
    const conversation = page.getByRole('region', { name: 'Conversation' });
    await conversation.getByText('Bash: npm test -- resolve').click();
    await conversation.getByText(/^Subagent:/).click();
    await expect(conversation.getByText('Four callers, all in src/net.')).toBeVisible();
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 1240, height: 860 });
      expect(await axeFaults(page, scheme)).toEqual([]);
      await page.screenshot({ path: join(STATE_SCREENS, `sessions-${scheme}.png`) });
      for (const hash of ['#/sessions', `#/sessions/${first?.agent}/${first?.id}`]) {
        await page.goto(`${url}${hash}`);
        for (const width of [420, 320]) {
          await page.setViewportSize({ width, height: 800 });
          await expect.poll(() => sidewaysScroll(page)).toBe(0);
          await page.screenshot({
            path: join(STATE_SCREENS, `sessions-${hash.length > 12 ? 'one-' : ''}${scheme}-${width}.png`),
          });
        }
      }
    }
  });
});
