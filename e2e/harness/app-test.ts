import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, type ElectronApplication, type Page } from '@playwright/test';
import { dataFolder, type DataFolder } from './data-folder.ts';
import { test as base } from './electron-test.ts';
import { ensurePackedApp } from './packed-app.ts';
import type { TrayItem } from './tray-host.ts';

/** The packed app, started in the test's desktop session. */
export interface StartedApp {
  readonly electron: ElectronApplication;
  readonly tray: TrayItem;
  /** The log browser window, as soon as there is one. */
  browser(): Promise<Page>;
  /** The panel, as soon as there is one. */
  panel(): Promise<Page>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a test of the packed app is given. */
export interface AppFixtures {
  /** Absolute path of a folder for a store that several machines share. */
  readonly store: string;
  /** The data folder of the machine that the app runs on; its settings name the shared store. */
  readonly machine: DataFolder;
  /** Starts the packed app and waits for its tray icon. */
  readonly startApp: (options?: StartOptions) => Promise<StartedApp>;
}

export interface AppWorkerFixtures {
  /** Absolute path of the packed program; empty where there is no Electron. */
  readonly packed: string;
}

/** Playwright's `test` with the packed app. */
export const test = base.extend<AppFixtures, AppWorkerFixtures>({
  packed: [
    async ({ electron }, use) => {
      await use('dist' in electron ? await ensurePackedApp(electron.dist, (line) => console.log(line)) : '');
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  store: async ({ desktop }, use) => use(join(desktop.home, 'shared-store')),
  machine: async ({ desktop, store }, use) => {
    const machine = dataFolder(join(desktop.home, 'data'), store);
    // Connecting makes the store; the app alone would wait for one that is not mounted.
    await machine.cli('config', 'set', '--create', 'store.url', pathToFileURL(store).href);
    await use(machine);
  },
  startApp: async ({ packed, launch, desktop, machine }, use) => {
    await use(async ({ args = [], env = {} } = {}) => {
      const icons = (): number => desktop.tray.items.all.length;
      const start = (): Promise<ElectronApplication> =>
        launch({ program: packed, args, env: { SESSION_LOG_HOME: machine.home, ...env } });
      let before = icons();
      const electron = await start().catch((problem: unknown) => {
        // Once in some hundred starts Playwright waits for ever for the windows of an app that runs, as its icon shows.
        if (icons() === before) throw problem;
        before = icons();
        console.log(`Playwright did not attach to an app that runs; it is started anew: ${String(problem)}`);
        return start();
      });
      const tray = await desktop.tray.items.next(
        (item) => desktop.tray.items.all.indexOf(item) >= before,
        'the tray icon',
      );
      return {
        electron,
        tray,
        browser: () => pageOf(electron, 'browser'),
        panel: () => pageOf(electron, 'panel'),
      };
    });
  },
});

/** Milliseconds that a window has to come, and to be loaded. */
const WINDOW_MS = 20_000;

/** Waits until a page is loaded. It is asked, because the event may be over before Playwright listens for it. */
async function loaded(page: Page): Promise<void> {
  const state = (): Promise<string> =>
    page.evaluate(() => document.readyState as string).catch(() => 'not there yet');
  await expect.poll(state, { timeout: WINDOW_MS, message: `${page.url()} is loaded` }).toBe('complete');
}

async function pageOf(electron: ElectronApplication, name: 'browser' | 'panel'): Promise<Page> {
  const fits = (page: Page): boolean => page.url().startsWith(`app://session-log/${name}/`);
  for (;;) {
    const found = electron.windows().find(fits);
    if (found !== undefined) {
      await loaded(found);
      return found;
    }
    // The address of a new window is known a moment after the window.
    await loaded(await electron.waitForEvent('window', { timeout: WINDOW_MS }));
  }
}

export { expect };
