import type { ChildProcess } from 'node:child_process';
import { _electron, test as base } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';
import { startDesktop } from './desktop.ts';
import type { Desktop } from './desktop.ts';
import { startDisplay } from './display.ts';
import type { Display } from './display.ts';
import { resolveElectronDist } from './electron-dist.ts';
import type { ElectronDist } from './electron-dist.ts';

/** How to start an app in the test's desktop session. */
export interface LaunchOptions {
  /** Program to start; the resolved Electron by default. A packed app names its own. */
  readonly program?: string;
  /** Arguments; for the resolved Electron the first is the app's folder. */
  readonly args: readonly string[];
  /** Added to the session's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a test of the desktop app is given. */
export interface ElectronFixtures {
  /** A desktop session of its own. */
  readonly desktop: Desktop;
  /** Starts an app in that session; it is ended after the test. */
  readonly launch: (options: LaunchOptions) => Promise<ElectronApplication>;
}

/** What all tests of a worker share. */
export interface ElectronWorkerFixtures {
  /** The Electron that runs; a test that has none is skipped with the reason. */
  readonly electron: { readonly dist: ElectronDist } | { readonly reason: string };
  readonly display: Display;
}

/** After this time, in milliseconds, an app that was asked to end is killed. */
const END_MS = 10_000;
/** Milliseconds for Playwright to attach to a started app: less than a test has, so that the failure says how far it came. */
const ATTACH_MS = 25_000;

/** Playwright's `test` with a real Electron in a desktop session of its own. */
export const test = base.extend<ElectronFixtures, ElectronWorkerFixtures>({
  electron: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const answer = await resolveElectronDist((line) => console.log(line));
      if ('dist' in answer) console.log(`Electron ${answer.dist.version} from ${answer.dist.source}`);
      await use(answer);
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  display: [
    // oxlint-disable-next-line no-empty-pattern -- see above
    async ({}, use) => {
      const display = await startDisplay();
      await use(display);
      await display.stop();
    },
    { scope: 'worker' },
  ],
  desktop: async ({ display }, use) => {
    const desktop = await startDesktop(display.name);
    await use(desktop);
    await desktop.stop();
  },
  launch: async ({ electron, desktop }, use, testInfo) => {
    if ('reason' in electron) {
      testInfo.skip(true, electron.reason);
      return;
    }
    const running: { readonly app: ElectronApplication; readonly child: ChildProcess }[] = [];
    await use(async ({ program = electron.dist.program, args, env }) => {
      const app = await _electron.launch({
        executablePath: program,
        // Chromium refuses to run its sandbox as root, and only as root may it be left out.
        args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args],
        env: { ...desktop.env, ...env },
        timeout: ATTACH_MS,
      });
      // Playwright forgets the process of an app that has ended.
      running.push({ app, child: app.process() });
      return app;
    });
    for (const { app, child } of running) await end(app, child);
  },
});

/** Ends an app, by force when it does not end by itself. */
async function end(app: ElectronApplication, child: ChildProcess): Promise<void> {
  const kill = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await app.close().catch(() => undefined);
  clearTimeout(kill);
}

export { expect } from '@playwright/test';
