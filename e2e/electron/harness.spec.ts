import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ElectronApplication } from '@playwright/test';
import { expect, test } from '../harness/electron-test.ts';

const app = join(dirname(dirname(fileURLToPath(import.meta.url))), 'harness', 'fixture-app');

/** What the fixture app noted. */
function eventsOf(running: ElectronApplication): Promise<string[]> {
  return running.evaluate(() => (globalThis as unknown as { fixtureEvents: string[] }).fixtureEvents);
}

test.describe('the harness', () => {
  test('runs an app as its own, before Electron is ready', async ({ launch, desktop }) => {
    const running = await launch({ args: [app] });
    const about = await running.evaluate(({ app: electron }) => ({
      name: electron.getName(),
      version: electron.getVersion(),
      path: electron.getAppPath(),
      home: electron.getPath('home'),
    }));
    expect(about).toEqual({ name: 'Harness Fixture', version: '1.2.3', path: app, home: desktop.home });
  });

  test('sees windows', async ({ launch }) => {
    const running = await launch({ args: [app] });
    const window = await running.firstWindow();
    await expect(window.getByRole('heading')).toHaveText('fixture');
    // There is a page before the window has been given its size, and of nothing no picture can be taken.
    await expect.poll(() => window.evaluate(() => innerWidth)).toBeGreaterThan(0);
    const picture = await window.screenshot();
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    const colours = await running.evaluate(async ({ BrowserWindow }) => {
      const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
      return [...(image?.toBitmap().subarray(-4) ?? [])];
    });
    // Blue, green, red, alpha of the last pixel: teal, as the page says, was really drawn.
    expect(colours).toEqual([128, 128, 0, 255]);
  });

  test('reads the tray and clicks it', async ({ launch, desktop }) => {
    const running = await launch({ args: [app] });
    const item = await desktop.tray.items.next(() => true, 'the tray icon');
    const state = await item.shows(({ tooltip }) => tooltip === 'fixture: idle', 'its tooltip');
    expect(state.status).toBe('Active');
    expect(state.pixmaps.map(({ width, height, argb }) => [width, height, argb.length])).toEqual([
      [16, 16, 1024],
    ]);
    expect(state.pixmaps[0]?.argb.every((byte) => byte === 0xff)).toBe(true);
    await item.activate();
    await expect.poll(() => eventsOf(running)).toEqual(['tray clicked']);
  });

  test('reads the tray menu and chooses from it', async ({ launch, desktop }) => {
    await launch({ args: [app] });
    const item = await desktop.tray.items.next(() => true, 'the tray icon');
    await item.shows(({ tooltip }) => tooltip === 'fixture: idle', 'its tooltip');
    const menu = await item.menu();
    expect(menu.map(({ label, enabled, separator }) => ({ label, enabled, separator }))).toEqual([
      { label: 'Notify', enabled: true, separator: false },
      { label: 'Nothing', enabled: false, separator: false },
      { label: '', enabled: true, separator: true },
      { label: 'Pause', enabled: true, separator: false },
    ]);
    expect(menu[0]?.shortcut).toBe('Control+Shift+n');
    expect(menu[3]?.children.map(({ label, checked }) => [label, checked])).toEqual([['One hour', true]]);
    await expect(item.choose('Nothing')).rejects.toThrow('disabled');
    await expect(item.choose('Something')).rejects.toThrow('no line "Something"');
    await item.choose('Pause', 'One hour');
    await item.shows(({ tooltip }) => tooltip === 'fixture: paused', 'the new tooltip');
  });

  test('receives notifications and answers them', async ({ launch, desktop }) => {
    const running = await launch({ args: [app] });
    const item = await desktop.tray.items.next(() => true, 'the tray icon');
    await item.shows(({ tooltip }) => tooltip === 'fixture: idle', 'its tooltip');
    await item.choose('Notify');
    const { shown } = desktop.notifications;
    const first = await shown.next(({ title }) => title === 'Message from Ann', 'the notification');
    expect(first.body).toBe('Look at the log');
    expect(Object.keys(first.actions)).toContain('default');
    desktop.notifications.click(first);
    await expect.poll(() => eventsOf(running)).toContain('notification clicked');

    await item.choose('Notify');
    const second = await shown.next(({ id }) => id !== first.id, 'the second notification');
    desktop.notifications.dismiss(second);
    await expect.poll(async () => (await eventsOf(running)).at(-1)).toBe('notification closed');
    expect(() => desktop.notifications.click(second, 'archive')).toThrow('no action "archive"');
  });
});
