import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userInfo } from 'node:os';
import type { Page } from '@playwright/test';
import { expect, test } from '../harness/app-test.ts';
import { asOtherMachine, dataFolder, logText } from '../harness/data-folder.ts';

const FOLDER = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'test-results', 'screenshots');
const TOPICS = [
  'vpn-tunnel',
  'billing-export',
  'deploy-staging',
  'flaky-login',
  'search-index',
  'backup-drill',
];

function day(ago: number): string {
  return new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
}

/** A place of the browser window, and what shows that it is drawn. */
const PLACES: readonly { readonly name: string; readonly hash: string; readonly shows: string }[] = [
  { name: 'logs', hash: '#/logs', shows: 'vpn' },
  { name: 'notes', hash: '#/notes', shows: 'Rotate the staging key' },
  { name: 'sync', hash: '#/sync', shows: 'Schedule' },
  { name: 'settings-store', hash: '#/settings/store', shows: 'Kind of store' },
  { name: 'settings-machine', hash: '#/settings/machine', shows: 'This machine' },
  { name: 'settings-workspaces', hash: '#/settings/workspaces', shows: 'Workspaces' },
  { name: 'settings-schedule', hash: '#/settings/schedule', shows: 'Schedule' },
  { name: 'settings-notifications', hash: '#/settings/notifications', shows: 'Notifications' },
  { name: 'settings-app', hash: '#/settings/app', shows: 'App' },
  { name: 'welcome-where', hash: '#/welcome/where', shows: 'Where should logs be kept?' },
  { name: 'welcome-who', hash: '#/welcome/who', shows: 'Who are you?' },
  { name: 'welcome-agents', hash: '#/welcome/agents', shows: 'Connect your agents' },
  { name: 'welcome-logs', hash: '#/welcome/logs', shows: 'Your existing logs' },
  { name: 'welcome-sessions', hash: '#/welcome/sessions', shows: 'Your agents’ sessions' },
];

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

test('every screen, light and dark', async ({ startApp, machine, store, desktop }) => {
  mkdirSync(FOLDER, { recursive: true });
  const other = dataFolder(join(desktop.home, 'other'), store);
  const uuid = await asOtherMachine(other, 'build-box');
  for (let index = 0; index < 40; index += 1) {
    const folder = index % 2 === 0 ? machine : other;
    const topic = TOPICS[index % TOPICS.length] ?? '';
    const user = index % 2 === 0 ? 'hal' : 'priya';
    folder.log(
      `${day(index)}-${user}-${topic}.md`,
      logText({
        title: `${topic.replaceAll('-', ' ')}, part ${index + 1}`,
        user: user === 'hal' ? 'Hal Casey' : 'Priya N',
        body: 'Moved the **queue** to `redis` and measured it:\n\n| step | before | after |\n|---|---|---|\n| read | 120 ms | 14 ms |\n| write | 80 ms | 22 ms |\n\n```sh\nredis-cli --latency\n```',
        ...(index === 1
          ? { note: { to: userInfo().username, text: 'Rotate the staging key before Friday, please.' } }
          : {}),
      }),
    );
  }
  await other.cli('sync', '--push');
  const app = await startApp();
  const page = await app.browser();
  await app.tray.shows(({ tooltip }) => tooltip.includes('1 unread note'), 'the note of the other machine');
  await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'the end of the first push');
  const panel = async (): Promise<Page> => {
    await app.tray.activate();
    return app.panel();
  };
  for (const theme of ['light', 'dark'] as const) {
    await app.electron.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    // Playwright pins the scheme of every page it drives to light.
    await page.emulateMedia({ colorScheme: theme });
    for (const { name, hash, shows } of PLACES) {
      await goTo(page, hash);
      await expect(page.getByRole('main').getByText(shows).first()).toBeVisible();
      await page.screenshot({ path: join(FOLDER, `desktop-${name}-${theme}.png`) });
    }
    await goTo(page, `#/logs/${uuid}/${day(1)}-priya-billing-export.md`);
    await expect(page.getByRole('article').getByText('redis-cli --latency')).toBeVisible();
    await page.screenshot({ path: join(FOLDER, `desktop-reader-${theme}.png`) });
    const small = await panel();
    await small.emulateMedia({ colorScheme: theme });
    await expect(small.getByRole('button', { name: 'Push now' })).toBeVisible();
    await small.screenshot({ path: join(FOLDER, `desktop-panel-${theme}.png`) });
    await app.tray.activate();
  }
});
