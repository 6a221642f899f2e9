import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../../shared/app-error.ts';
import { ok } from '../../shared/result.ts';
import { createSystemPower } from '../adapters/power/system-power.ts';
import { createBrowseServer, type BrowseServer } from '../browse/browse-server.ts';
import { BROWSER_CAPABILITIES, createBrowseShell, createNoFileManager } from '../browse/browse-shell.ts';
import { createCallConfirmation, type TerminalQuestion } from '../browse/confirm-calls.ts';
import { lossAnnouncement, problemAnnouncements } from '../core/app/notes/announcements.ts';
import { createRouter } from '../ipc/router.ts';
import { openNetworkCost } from './network-cost.ts';
import { openAppService } from './app-service.ts';

export interface BrowseViewOptions {
  /** Absolute path of the data folder. */
  readonly home: string;
  readonly version: string;
  readonly port?: number;
  readonly idleMinutes?: number;
  /** Asks a person in the terminal; null where there is none. */
  readonly terminal: TerminalQuestion | null;
  /** Absolute path of the built pages, if not beside this program. */
  readonly pages?: string;
}

/** The browser view: the running app service, and a server for its pages. */
export interface BrowseView extends Pick<BrowseServer, 'port' | 'newAddress' | 'ended'> {
  /** Stops server and service; work resumes at the next start. */
  stop(): Promise<void>;
}

/** Builds and starts the browser view. */
export async function openBrowseView(options: BrowseViewOptions): Answer<BrowseView> {
  const { home, version } = options;
  const power = createSystemPower(openNetworkCost);
  const { app, base } = await openAppService(home, ({ info }) => ({
    shell: createBrowseShell(async () =>
      info({
        version,
        shell: 'browser',
        platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
        capabilities: { ...BROWSER_CAPABILITIES, metered: await power.canTellMetered() },
        runtime: { node: process.versions.node },
      }),
    ),
    fileManager: createNoFileManager(),
    power,
  }));
  const router = createRouter({
    app,
    monotonic: () => performance.now(),
    report: ({ channel, caller, durationMs, code, thrown, undeclared }) => {
      if (code === 'ok') return;
      base.logger.warn('a call of a page failed', {
        channel,
        caller: caller.kind,
        ms: Math.round(durationMs),
        code,
        ...(undeclared ? { undeclared } : {}),
        ...(thrown === undefined
          ? {}
          : {
              thrown: thrown instanceof Error ? (thrown.stack ?? thrown.message) : 'a value that is no error',
            }),
      });
    },
  });
  const server = await createBrowseServer({
    router,
    confirmation: createCallConfirmation(options.terminal, async () => {
      const view = await app.settings.get();
      return view.ok ? view.value.settings : null;
    }),
    pages: options.pages ?? builtPages(),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.idleMinutes === undefined ? {} : { idleMinutes: options.idleMinutes }),
    onPage: () => app.windowOpened(),
    onBug: (thrown) =>
      base.logger.error('a request threw', { thrown: thrown instanceof Error ? (thrown.stack ?? '') : '' }),
  });
  if (!server.ok) {
    await app.stop();
    return server;
  }
  app.onProblems((problems) => {
    for (const announcement of problemAnnouncements(problems)) app.showNotice(announcement);
  });
  app.onLosses((losses) => app.showNotice(lossAnnouncement(losses)));
  app.start();
  const browse = server.value;
  return ok({
    port: browse.port,
    newAddress: () => browse.newAddress(),
    ended: browse.ended,
    stop: async () => {
      await Promise.all([browse.close(), app.stop()]);
    },
  });
}

/** Beside the bundle (out/main, out/renderer), else the build output when run from sources. */
function builtPages(): string {
  const [bundled, fromSources] = ['../renderer', '../../out/renderer'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return bundled !== undefined && existsSync(`${bundled}/browser/index.html`) ? bundled : (fromSources ?? '');
}
