import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../harness/app-test.ts';
import { logText, type DataFolder } from '../harness/data-folder.ts';

const CUT = '2026-01-06-hal-cut.md';
const TITLE = 'A log is shorter than its backup';

/** A log that is in the store and was cut here since. */
async function cutLog(machine: DataFolder): Promise<void> {
  machine.log(CUT, logText({ title: 'Cut' }));
  await machine.cli('sync', '--push');
  writeFileSync(join(machine.home, 'session-logs', CUT), '#');
}

test.describe('a problem that needs a person', () => {
  test('is announced once, shown by the tray, and a click leads to its answers', async ({
    startApp,
    machine,
    desktop,
  }) => {
    await cutLog(machine);
    const { shown } = desktop.notifications;
    const first = await startApp({ args: ['--hidden'] });
    const notification = await shown.next(({ title }) => title === TITLE, 'the notification');
    expect(notification.body).toContain(CUT);
    const state = await first.tray.shows(
      ({ tooltip }) => tooltip.includes('1 thing needs attention'),
      'what needs the person',
    );
    expect(state.tooltip).not.toContain('Up to date');
    const lines = (await first.tray.menu()).map(({ label }) => label);
    expect(lines).toContain(`${TITLE}: ${CUT}`);
    desktop.notifications.click(notification);
    const page = await first.browser();
    await expect(page.getByRole('button', { name: 'Restore the backup' })).toBeVisible();
    expect(page.url()).toMatch(/#\/sync$/);
    await first.electron.close();
    // It is still there after a restart, and is told of by the tray alone.
    const second = await startApp({ args: ['--hidden'] });
    await second.tray.shows(({ tooltip }) => tooltip.includes('1 thing needs attention'), 'the same problem');
    expect(shown.all.filter(({ title }) => title === TITLE)).toHaveLength(1);
  });

  test('is not announced with notifications.problems off', async ({ startApp, machine, store, desktop }) => {
    await cutLog(machine);
    machine.settings({
      app: { firstRunDone: true },
      store: { url: `file://${store}` },
      notifications: { problems: false },
    });
    const { tray } = await startApp({ args: ['--hidden'] });
    await tray.shows(({ tooltip }) => tooltip.includes('1 thing needs attention'), 'what needs the person');
    expect(desktop.notifications.shown.all.filter(({ title }) => title === TITLE)).toEqual([]);
  });
});

test.describe('windows that are closed', () => {
  test('the first time say that the app goes on', async ({ startApp, desktop }) => {
    const app = await startApp();
    const page = await app.browser();
    await expect(page.getByRole('main')).toBeVisible();
    const close = (): Promise<void> =>
      app.electron.evaluate(({ BrowserWindow }) => {
        for (const window of BrowserWindow.getAllWindows()) window.close();
      });
    await close();
    const { shown } = desktop.notifications;
    await shown.next(({ title }) => title === 'Session Log keeps running', 'the hint');
    await app.tray.choose('Open log browser');
    const visible = (): Promise<boolean> =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);
    await expect.poll(visible).toBe(true);
    await close();
    await expect.poll(visible).toBe(false);
    expect(shown.all.filter(({ title }) => title === 'Session Log keeps running')).toHaveLength(1);
  });

  test('the panel is hidden by Escape and kept', async ({ startApp }) => {
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    await app.tray.activate();
    const panel = await app.panel();
    await expect(panel.getByRole('button', { name: 'Push now' })).toBeVisible();
    await panel.keyboard.press('Escape');
    const windows = (): Promise<boolean[]> =>
      app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isVisible()),
      );
    await expect.poll(windows).toEqual([false]);
  });

  test('have a menu with settings, shortcuts, about and a way out', async ({ startApp }) => {
    const app = await startApp();
    const page = await app.browser();
    await expect(page.getByRole('main')).toBeVisible();
    const labels = await app.electron.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) =>
        (submenu?.items ?? []).map(({ label }) => label),
      ),
    );
    expect(labels).toEqual(
      expect.arrayContaining(['Settings…', 'Quit Session Log', 'Keyboard shortcuts', 'About Session Log']),
    );
    await app.electron.evaluate(({ Menu }) => {
      const items = (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) => submenu?.items ?? []);
      items.find(({ label }) => label === 'Keyboard shortcuts')?.click();
    });
    await expect(page.getByRole('dialog', { name: /shortcuts/i })).toBeVisible();
  });
});
