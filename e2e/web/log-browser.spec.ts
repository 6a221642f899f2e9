import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logText } from '../harness/data-folder.ts';
import { LISTED, expect, row, test } from './browse-test.ts';

/** Of the demo team, with his name anywhere in them. */
const LOGS_OF_JONAS = 17;

test.describe('the list', () => {
  test('shows the logs of all machines and filters them by machine', async ({ logs }) => {
    const machines = logs.getByRole('region', { name: 'Machines' });
    for (const name of [/jonas-studio.*15/, /build-box.*9/, /mara-mbp.*10/])
      await expect(machines.getByRole('listitem').filter({ hasText: name })).toBeVisible();
    await expect(row(logs, /Statement page: grouping by transfer key/)).toContainText('Workspace');
    await expect(row(logs, /Ledger retries no longer double-post/)).toContainText('Workspace');
    await expect(row(logs, /Nightly restore drill/)).toContainText('In the store');
    await machines.getByRole('checkbox', { name: /build-box/ }).check();
    await expect(logs.getByText('9 found')).toBeVisible();
    await expect(row(logs, /Statement page: grouping/)).toHaveCount(0);
    await logs.getByRole('button', { name: 'Remove filter: build-box' }).click();
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
  });

  test('finds in the texts as one types, and says when nothing matches', async ({ logs }) => {
    const box = logs.getByRole('searchbox', { name: 'Find logs' });
    const options = logs.getByRole('listbox', { name: 'Logs' }).getByRole('option');
    await box.pressSequentially('cert');
    await expect(row(logs, /Certificates rotate by themselves/)).toBeVisible();
    await expect(logs.getByText(/^\d+ found$/)).toBeVisible();
    await expect(options.first().locator('mark').first()).toBeVisible();
    await box.fill('priya');
    await expect(options.first()).toContainText(/priya/i);
    await box.fill('zebra crossing');
    await expect(logs.getByText('Nothing found')).toBeVisible();
    await logs.getByRole('button', { name: 'Clear search' }).last().click();
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
  });

  test('is worked by the keyboard alone: slash, j, k and Enter', async ({ logs }) => {
    const options = logs.getByRole('listbox', { name: 'Logs' }).getByRole('option');
    await logs.keyboard.press('/');
    await expect(logs.getByRole('searchbox', { name: 'Find logs' })).toBeFocused();
    const answered = logs.waitForResponse((answer) => answer.request().postDataJSON()?.text === 'jonas');
    await logs.keyboard.type('jonas');
    await answered;
    // The texts of a fresh team are read in meanwhile: the list grows until it has all.
    const all = String(LOGS_OF_JONAS);
    await expect(options.first()).toHaveAttribute('aria-setsize', all);
    await expect(logs.locator('[aria-busy="true"]')).toHaveCount(0);
    await logs.keyboard.press('Enter');
    await expect(options.nth(0)).toHaveAttribute('aria-selected', 'true');
    await logs.keyboard.press('j');
    await logs.keyboard.press('j');
    await expect(options.nth(2)).toHaveAttribute('aria-selected', 'true');
    await logs.keyboard.press('k');
    await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
    await expect(options.nth(0)).toHaveAttribute('aria-selected', 'false');
    // The log under the cursor opens once the cursor rests; Enter goes on to it.
    await expect(logs.getByRole('article')).toBeVisible();
    await logs.keyboard.press('Enter');
    await expect(logs.getByRole('listbox', { name: 'Logs' })).not.toBeFocused();
    await expect(options.first()).toHaveAttribute('aria-setsize', all);
  });

  test('is filtered by a day of the calendar, and whole again by the same day', async ({ logs }) => {
    const grid = logs.getByRole('grid');
    const counted = (): Promise<number> =>
      grid
        .getByRole('gridcell')
        .evaluateAll((days) =>
          days.reduce((sum, day) => sum + Number(/: (\d+) /.exec(day.ariaLabel ?? '')?.[1] ?? 0), 0),
        );
    await expect.poll(counted).toBe(LISTED);
    const busy = grid.getByRole('gridcell', { name: /: [2-4] sessions$/ }).last();
    const found = /: (\d) sessions$/.exec((await busy.getAttribute('aria-label')) ?? '')?.[1];
    await busy.click();
    await expect(logs.getByText(`${found} found`)).toBeVisible();
    // The day's heading holds an option of its own, without a place among the sessions.
    const sessions = logs.getByRole('listbox', { name: 'Logs' }).locator('[aria-posinset]');
    await expect(sessions).toHaveCount(Number(found));
    await expect(busy).toHaveAttribute('aria-selected', 'true');
    await busy.click();
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
  });
});

test.describe('the reading pane', () => {
  test('reads an own log; its credentials are hidden until they are asked for', async ({ logs }) => {
    await row(logs, /Dark mode: contrast of amounts/).click();
    const reader = logs.getByRole('article', { name: 'Dark mode: contrast of amounts' });
    await expect(reader.getByRole('heading', { name: 'Session Summary' })).toBeVisible();
    await expect(reader.getByRole('definition').filter({ hasText: 'Jonas Weber' })).toBeVisible();
    const secret = reader.getByRole('region', { name: 'Credentials & Secrets' });
    await expect(secret).toContainText('Hidden: may contain credentials');
    await secret.getByRole('button', { name: 'Reveal' }).click();
    await expect(reader.getByRole('button', { name: 'Hide again' })).toBeVisible();
    await expect(secret).toHaveCount(0);
    await reader.getByRole('button', { name: 'Hide again' }).click();
    await expect(reader.getByRole('region', { name: 'Credentials & Secrets' })).toContainText(
      'hidden until you reveal them',
    );
  });

  test('keeps what is folded out of the page until it is asked for', async ({ logs, team }) => {
    const secret = 'Pier-42-not-to-be-seen';
    const text = logText({ title: 'Access to the pier' });
    writeFileSync(
      join(team.home, 'session-logs', '2026-01-02-jonas-pier.md'),
      `${text}\n## Credentials & Secrets\n\n- Gate: ${secret}\n`,
    );
    await logs.getByRole('searchbox', { name: 'Find logs' }).fill('pier');
    await row(logs, /Access to the pier/).click();
    const reader = logs.getByRole('article');
    await expect(reader.getByText('Hidden: may contain credentials')).toBeVisible();
    expect(await logs.content()).not.toContain(secret);
    await reader.getByRole('button', { name: 'Reveal' }).click();
    await expect(reader.getByText(secret)).toBeVisible();
  });

  test('pulls a log of another machine and reads it', async ({ logs, team }) => {
    const line = row(logs, /Nightly restore drill/);
    await line.click();
    await expect(logs.getByRole('article').getByRole('heading', { name: 'Session Summary' })).toBeVisible();
    await expect(line).toContainText('Cached');
    const copies = readdirSync(join(team.home, 'session-logs-cache'), { recursive: true }).map(String);
    expect(copies.some((path) => path.endsWith('nightly-restore-drill-green-11-minutes.md'))).toBe(true);
  });
});
