import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startGcsServer, type GcsServer } from '../../main/testing/gcs-server.ts';
import { expect, test } from '../harness/app-test.ts';
import { asOtherMachine, dataFolder, logText, type DataFolder } from '../harness/data-folder.ts';

test.describe('the log browser', () => {
  test('lists own logs, finds one and reads it', async ({ startApp, machine }) => {
    machine.log(
      '2026-01-06-hal-vpn-tunnel.md',
      logText({ title: 'VPN tunnel', body: 'The **tunnel** is up.' }),
    );
    machine.log('2026-01-05-hal-billing.md', logText({ title: 'Billing export' }));
    const app = await startApp();
    const page = await app.browser();
    const list = page.getByRole('listbox', { name: 'Logs' });
    await expect(list.getByRole('option')).toHaveCount(2);
    await page.getByRole('searchbox', { name: 'Find logs' }).fill('tunn');
    await expect(list.getByRole('option')).toHaveCount(1);
    await list.getByRole('option', { name: /VPN tunnel/ }).click();
    const reader = page.getByRole('article');
    await expect(reader.getByText('The tunnel is up.')).toBeVisible();
    await expect(reader.locator('strong', { hasText: 'tunnel' })).toBeVisible();
  });

  test('shows a log as soon as it is written', async ({ startApp, machine }) => {
    const app = await startApp();
    const page = await app.browser();
    await expect(page.getByText('No sessions yet')).toBeVisible();
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'that it watches');
    machine.log('2026-01-07-hal-live.md', logText({ title: 'Seen at once' }));
    await expect(page.getByRole('option', { name: /Seen at once/ })).toBeVisible({ timeout: 15_000 });
  });

  for (const kind of ['a shared folder', 'a bucket'] as const) {
    test(`pulls a log of another machine from ${kind} and reads it`, async ({
      startApp,
      store,
      desktop,
      machine,
    }) => {
      const server = kind === 'a bucket' ? await startGcsServer() : null;
      try {
        const other = dataFolder(join(desktop.home, 'other'), store);
        if (server !== null) await useBucket(server, machine, other);
        const uuid = await asOtherMachine(other, 'build-box');
        other.log(
          '2026-01-04-priya-deploy.md',
          logText({ title: 'Deploy to staging', user: 'Priya N', body: 'It is out.' }),
        );
        await other.cli('sync', '--push');
        const app = await startApp();
        const page = await app.browser();
        const row = page.getByRole('option', { name: /Deploy to staging/ });
        await expect(row).toContainText('In the store', { timeout: 15_000 });
        await row.click();
        await expect(page.getByRole('article').getByText('It is out.')).toBeVisible({ timeout: 15_000 });
        await expect(row).toContainText('Cached');
        const copy = join(desktop.home, 'data', 'session-logs-cache', uuid, '2026-01-04-priya-deploy.md');
        expect(readFileSync(copy, 'utf8')).toContain('It is out.');
        await pushBack(page, machine, other);
      } finally {
        await server?.stop();
      }
    });
  }

  test('saves settings into the one file, and follows the theme', async ({ startApp, machine }) => {
    const app = await startApp();
    const page = await app.browser();
    await app.electron
      .evaluate(({ nativeTheme }) => nativeTheme.themeSource)
      .then((theme) => expect(theme).toBe('system'));
    const answer = await page.evaluate(() =>
      (
        globalThis as unknown as { api: { invoke(channel: string, input: unknown): Promise<unknown> } }
      ).api.invoke('settings.set', {
        change: { app: { theme: 'dark' }, notifications: { quietHours: '22:00-07:00' } },
      }),
    );
    expect(answer).toMatchObject({ ok: true, value: { settings: { app: { theme: 'dark' } } } });
    await expect.poll(() => app.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
    const saved = JSON.parse(readFileSync(join(machine.home, 'settings.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(saved).toMatchObject({ app: { theme: 'dark' }, notifications: { quietHours: '22:00-07:00' } });
    // The command reads the same file.
    expect(await machine.cli('config', 'get', 'notifications.quietHours')).toBeTruthy();
  });
});

/** Connects machines to one bucket of a server. */
async function useBucket(server: GcsServer, ...machines: readonly DataFolder[]): Promise<void> {
  await server.createBucket('team-logs');
  for (const machine of machines) {
    await machine.cli('config', 'set', 'store.endpoint', server.endpoint);
    await machine.cli('config', 'set', 'store.url', 'gs://team-logs/sessions');
  }
}

/** The way back: what this machine writes and pushes from its window is listed by the other one. */
async function pushBack(page: Page, machine: DataFolder, other: DataFolder): Promise<void> {
  machine.log('2026-01-05-hal-answer.md', logText({ title: 'The answer' }));
  await expect(page.getByRole('option', { name: /The answer/ })).toBeVisible({ timeout: 15_000 });
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('push now');
  await expect(page.getByRole('option', { name: 'Push now', selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  const listed = async (): Promise<readonly string[]> => {
    await other.cli('sync', '--index');
    const { rows } = (await other.cli('list', 'answer')) as { readonly rows: readonly { path: string }[] };
    return rows.map(({ path }) => path);
  };
  await expect.poll(listed, { timeout: 15_000 }).toEqual(['2026-01-05-hal-answer.md']);
}
