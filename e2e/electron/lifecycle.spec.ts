import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../harness/app-test.ts';
import { startTrayHost } from '../harness/tray-host.ts';
import { asOtherMachine, dataFolder, logText } from '../harness/data-folder.ts';

test.describe('the life of the app', () => {
  test('a second start shows the window of the first and ends', async ({
    startApp,
    packed,
    desktop,
    machine,
  }) => {
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    expect(app.electron.windows()).toHaveLength(0);
    const second = spawn(packed, process.getuid?.() === 0 ? ['--no-sandbox'] : [], {
      env: { ...desktop.env, SESSION_LOG_HOME: machine.home },
      stdio: 'ignore',
    });
    const code = new Promise<number | null>((resolve) => {
      second.once('exit', resolve);
    });
    await app.browser();
    expect(await code).toBe(0);
    expect(desktop.tray.items.all).toHaveLength(1);
  });

  test('links open their places in the app that runs, and what is no link of ours opens nothing', async ({
    startApp,
    packed,
    desktop,
    machine,
  }) => {
    machine.log('2026-01-06-hal-linked.md', logText({ title: 'Linked', body: 'Found by its link.' }));
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    const { machine_uuid: uuid } = JSON.parse(
      readFileSync(join(machine.home, 'machine-id.json'), 'utf8'),
    ) as { readonly machine_uuid: string };
    const startWith = (...args: string[]): Promise<number | null> => {
      const all = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args];
      const env = { ...desktop.env, SESSION_LOG_HOME: machine.home };
      const child = spawn(packed, all, { env, stdio: 'ignore' });
      return new Promise((resolve) => child.once('exit', resolve));
    };
    expect(await startWith('--hidden', `session-log://log/${uuid}/2026-01-06-hal-linked.md`)).toBe(0);
    const page = await app.browser();
    await expect(page.getByText('Found by its link.')).toBeVisible();
    const before = page.url();
    for (const link of ['session-log://settings/app', `session-log://log/${uuid}/..%2F..%2Fx.md`])
      expect(await startWith('--hidden', link)).toBe(0);
    expect(page.url()).toBe(before);
    expect(await startWith('session-log://join?store=gs%3A%2F%2Fteam-logs&tenant=harbor')).toBe(0);
    await expect(page.getByRole('textbox', { name: 'Bucket' })).toHaveValue('gs://team-logs');
  });

  test('a link starts the app, and opens its log', async ({ startApp, machine }) => {
    machine.log('2026-01-06-hal-linked.md', logText({ title: 'Linked', body: 'Found by its link.' }));
    await machine.cli('init');
    const { machine_uuid: uuid } = JSON.parse(
      readFileSync(join(machine.home, 'machine-id.json'), 'utf8'),
    ) as { readonly machine_uuid: string };
    // As a desktop starts it: the login's start is hidden, and still a link opens the window.
    const app = await startApp({ args: ['--hidden', `session-log://log/${uuid}/2026-01-06-hal-linked.md`] });
    const page = await app.browser();
    await expect(page.getByText('Found by its link.')).toBeVisible();
    await expect(page.getByRole('listbox', { name: 'Logs' })).toBeVisible();
  });

  test('a desktop without a tray has the window at the start, and again after it was closed', async ({
    packed,
    launch,
    desktop,
    machine,
  }) => {
    desktop.tray.close();
    const app = await launch({ program: packed, args: [], env: { SESSION_LOG_HOME: machine.home } });
    const window = await app.firstWindow();
    await expect(window.getByRole('navigation', { name: 'Views' })).toBeVisible();
    await app.evaluate(({ BrowserWindow }) => {
      for (const one of BrowserWindow.getAllWindows()) one.close();
    });
    const isShown = (): Promise<boolean> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((one) => one.isVisible()));
    await expect.poll(isShown).toBe(false);
    const hint = await desktop.notifications.shown.next(
      ({ title }) => title === 'Session Log keeps running',
      'how to come back',
    );
    expect(hint.body).toContain('If there is no icon, start Session Log again to open it');
    const again = spawn(packed, process.getuid?.() === 0 ? ['--no-sandbox'] : [], {
      env: { ...desktop.env, SESSION_LOG_HOME: machine.home },
      stdio: 'ignore',
    });
    expect(await new Promise((resolve) => again.once('exit', resolve))).toBe(0);
    await expect.poll(isShown).toBe(true);
    expect(hint.body).toContain('press Ctrl+Q in its window to quit it');
    const ended = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ Menu }) => {
      const items = (Menu.getApplicationMenu()?.items ?? []).flatMap((one) => one.submenu?.items ?? []);
      items.find(({ accelerator }) => accelerator === 'Control+Q')?.click();
    });
    expect(await ended).toBe(0);
  });

  test('a machine without a tray has the window at a second start, and the icon when a tray comes', async ({
    startApp,
    packed,
    desktop,
    machine,
  }) => {
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    desktop.tray.close();
    const second = spawn(packed, process.getuid?.() === 0 ? ['--no-sandbox'] : [], {
      env: { ...desktop.env, SESSION_LOG_HOME: machine.home },
      stdio: 'ignore',
    });
    const ended = new Promise<number | null>((resolve) => second.once('exit', resolve));
    await app.browser();
    expect(await ended).toBe(0);
    const host = await startTrayHost(desktop.env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
    try {
      const icon = await host.items.next(() => true, 'the icon in the tray that came');
      await icon.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    } finally {
      host.close();
    }
  });

  test('closing the window keeps the app; its place is remembered', async ({ startApp }) => {
    const app = await startApp();
    await app.browser();
    await app.electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setBounds({ x: 40, y: 60, width: 900, height: 640 });
      window?.close();
    });
    await expect
      .poll(() =>
        app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false),
      )
      .toBe(false);
    await app.electron.close();
    const again = await startApp();
    await again.browser();
    const bounds = () =>
      again.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    await expect.poll(bounds).toMatchObject({ width: 900, height: 640 });
  });

  test('quitting in the middle of a push ends soon and loses nothing', async ({
    startApp,
    machine,
    store,
    desktop,
  }) => {
    const count = 400;
    const text = (index: number): string =>
      logText({ title: `Log ${index}`, body: `${index} `.repeat(4_000) });
    for (let index = 0; index < count; index += 1) machine.log(`2026-01-06-hal-log-${index}.md`, text(index));
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Syncing: Push'), 'the push');
    const child = app.electron.process();
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    const asked = performance.now();
    // The app may leave the bus before it has answered.
    await app.tray.choose('Quit Session Log').catch(() => undefined);
    await ended;
    const took = performance.now() - asked;
    // The service has a second; the rest is Chromium's own end, on a machine that may be loaded.
    expect(took).toBeLessThan(2_500);
    for (const index of [0, 199, 399])
      expect(readFileSync(join(machine.home, 'session-logs', `2026-01-06-hal-log-${index}.md`), 'utf8')).toBe(
        text(index),
      );
    // The next start goes on where it was; then everything is in the store, whole.
    const again = await startApp({ args: ['--hidden'] });
    await again.tray.shows(({ tooltip }) => tooltip.includes('Syncing: Push'), 'the rest of the push');
    await again.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'the end of the push', 40_000);
    const other = dataFolder(join(desktop.home, 'other'), store);
    await asOtherMachine(other, 'build-box');
    await other.cli('sync', '--index');
    const listed = (await other.cli('list', '--limit', '1000')) as { readonly rows: readonly unknown[] };
    expect(listed.rows).toHaveLength(count);
    await again.electron.close();
    await machine.cli('verify');
  });
});
