import { expect, test } from '../harness/app-test.ts';
import { asOtherMachine, dataFolder, logText } from '../harness/data-folder.ts';

/** Whether another machine of the team sees a log of ours. */
interface Listed {
  readonly rows: readonly { readonly path: string }[];
}

test.describe('the tray', () => {
  test('registers with the desktop: icon, words, menu', async ({ startApp }) => {
    const { tray } = await startApp({ args: ['--hidden'] });
    const state = await tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state in words');
    expect(state.status).toBe('Active');
    expect(state.tooltip).toContain('Session Log: Up to date');
    const [picture] = state.pixmaps;
    expect([picture?.width, picture?.height]).toEqual([32, 32]);
    // Drawn, and not a full square: some of it is ink, some shows the bar behind it.
    const alphas = (picture?.argb ?? Buffer.alloc(0)).filter((_byte, index) => index % 4 === 0);
    expect(alphas.some((alpha) => alpha === 255)).toBe(true);
    expect(alphas.some((alpha) => alpha === 0)).toBe(true);
    const lines = (await tray.menu()).filter(({ separator }) => !separator);
    expect(lines.map(({ label }) => label)).toEqual([
      'Up to date',
      'Save…',
      'Push now',
      'Check for new logs',
      'Verify everything',
      'Sync git',
      'Pause',
      'Recent sessions',
      'Unread notes',
      'Open log browser',
      'Open panel',
      'Settings…',
      'Quit Session Log',
    ]);
    // A shortcut in the menu of an icon would go to whichever window has the focus.
    expect(lines.filter(({ shortcut }) => (shortcut ?? '') !== '')).toEqual([]);
    expect(lines.find(({ label }) => label === 'Sync git')?.enabled).toBe(false);
    const pause = lines.find(({ label }) => label === 'Pause');
    expect(pause?.children.map(({ label }) => label)).toEqual(['For 1 hour', 'Until tomorrow']);
  });

  test('opens the panel when it is clicked, and closes it when it is clicked again', async ({ startApp }) => {
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    expect(app.electron.windows()).toHaveLength(0);
    await app.tray.activate();
    const panel = await app.panel();
    await expect(panel.getByRole('button', { name: 'Push now' })).toBeVisible();
    const visible = (): Promise<boolean> =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);
    await expect.poll(visible).toBe(true);
    await app.tray.activate();
    await expect.poll(visible).toBe(false);
  });

  test('pushes from its menu: another machine sees the log', async ({
    startApp,
    machine,
    store,
    desktop,
  }) => {
    machine.settings({
      app: { firstRunDone: true },
      store: { url: `file://${store}` },
      schedule: { push: 'manual' },
    });
    machine.log('2026-01-06-hal-tray-push.md', logText({ title: 'Pushed from the tray' }));
    const { tray } = await startApp({ args: ['--hidden'] });
    await tray.shows(({ tooltip }) => tooltip.includes('Never synced'), 'that nothing was pushed yet');
    await tray.choose('Push now');
    await tray.shows(({ tooltip }) => tooltip.includes('Last synced'), 'the success', 20_000);
    const other = dataFolder(`${desktop.home}/other`, store);
    await asOtherMachine(other, 'build-box');
    await other.cli('sync', '--index');
    const listed = (await other.cli('list')) as Listed;
    expect(listed.rows.map(({ path }) => path)).toEqual(['2026-01-06-hal-tray-push.md']);
  });

  test('pauses for an hour and resumes', async ({ startApp }) => {
    const { tray } = await startApp({ args: ['--hidden'] });
    await tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    await tray.choose('Pause', 'For 1 hour');
    await tray.shows(({ tooltip }) => tooltip.includes('Paused until'), 'the pause');
    await tray.choose('Resume');
    await tray.shows(({ tooltip }) => !tooltip.includes('Paused'), 'the end of the pause');
  });
});
