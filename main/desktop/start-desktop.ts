import { join } from 'node:path';
import { app, BrowserWindow, dialog, Menu } from 'electron';
import { en } from '../../shared/i18n/en.ts';
import { routeInArguments, routeOfLink } from '../../shared/ipc/deep-link.ts';
import { hashOf, type Route } from '../../shared/ipc/route.ts';
import type { DesktopService } from '../compose/desktop.ts';
import type { ShellBase, ShellParts } from '../compose/app-service.ts';
import type { Caller } from '../core/app/app-service.ts';
import { nameApp } from './app-identity.ts';
import { doTrayAction } from './do-tray-action.ts';
import type { DesktopParts } from './desktop-parts.ts';
import { connectRouter } from './ipc/router-electron.ts';
import { registerAppScheme, servePages } from './pages/serve-pages.ts';
import { hardenPages, hardenSession } from './security/harden.ts';
import { tellStaysOpen } from './notifications/tell-stays-open.ts';
import { hearLinks } from './system/links.ts';
import { createQuit } from './system/quit.ts';
import { createTray } from './tray/tray.ts';
import { createLogBrowser } from './windows/log-browser.ts';
import { createOwnPages } from './windows/own-pages.ts';
import { createPanel } from './windows/panel.ts';

/** Start-up parameters from the entry point. */
export interface DesktopStart {
  /** Absolute path of the data folder. */
  readonly home: string;
  readonly isUsualHome: boolean;
  /** Absolute paths of build outputs. */
  readonly files: {
    readonly pages: string;
    readonly preload: string;
    readonly assets: string;
    /** Address of the server that serves the pages from their sources; only during development. */
    readonly developmentServer: string | undefined;
  };
  /** Start without a window: at login. */
  readonly hidden: boolean;
  readonly openService: (makeShell: (base: ShellBase) => ShellParts) => Promise<DesktopService>;
}

/** Starts the app, or shows the window of the instance already running on this data folder. */
export function startDesktop(start: DesktopStart): void {
  nameApp(start.home, start.isUsualHome);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  registerAppScheme();
  hardenPages();
  const links = hearLinks();
  // Otherwise Electron creates its default menu; ours comes with the core.
  Menu.setApplicationMenu(null);
  // The tray is the app; windows come and go.
  app.on('window-all-closed', () => undefined);
  // Not awaited at the top level: Electron becomes ready only when the entry module has ended.
  void app.whenReady().then(() => showDesktop(start, links));
}

/** The tray first; then the window, which loads while the core opens; then the core. */
function showDesktop(start: DesktopStart, links: ReturnType<typeof hearLinks>): void {
  const pages = createOwnPages();
  let resolveService: (service: DesktopService) => void = () => undefined;
  const service = new Promise<DesktopService>((resolve) => {
    resolveService = resolve;
  });
  const windowOpened = (): void => void service.then(({ app: running }) => running.windowOpened());
  const browser = createLogBrowser({
    preload: start.files.preload,
    pages,
    stateFile: join(app.getPath('userData'), 'window.json'),
    icon: join(start.files.assets, 'app', 'linux', '256x256.png'),
    onShown: windowOpened,
    onHidden: () => tellStaysOpen(join(app.getPath('userData'), 'told-stays-open')),
  });
  const showBrowser = (route?: string): void => browser.show(route);
  const tray = createTray({
    folder: join(start.files.assets, 'tray'),
    onClick: () => panel.toggle(),
    act: (action) =>
      void doTrayAction(action, {
        sync: async () => (await service).app.sync,
        showBrowser,
        togglePanel: () => panel.toggle(),
        quit,
      }),
  });
  const panel = createPanel({
    preload: start.files.preload,
    pages,
    trayBounds: () => tray.bounds(),
    onShown: windowOpened,
  });
  const quit = createQuit({
    release: () => {
      browser.release();
      panel.release();
    },
    service,
    tray,
  });
  /** Shows the target of a link, or the window as it was if it has none. */
  const openLink = (route: Route | null): void => browser.show(route === null ? undefined : hashOf(route));
  app.on('second-instance', (_event, argv) => {
    const route = routeInArguments(argv);
    if (route !== null || !argv.includes('--hidden')) openLink(route);
  });
  // How macOS reports a link, including one that started the app.
  links.follow((link) => openLink(routeOfLink(link)));
  app.on('activate', () => browser.show());
  // When run from its sources, the app has no Info.plist that keeps it out of the dock.
  app.dock?.hide();
  hardenSession(start.files.developmentServer);
  servePages(start.files.pages, start.files.developmentServer);
  connectRouter({
    router: service.then(({ router }) => router),
    pages,
    report: (refusal) => void service.then(({ base }) => base.logger.warn('a caller was refused', refusal)),
  });
  const asked = routeInArguments(process.argv);
  if (asked !== null || !start.hidden) openLink(asked);
  const windowOf = (caller: Caller): BrowserWindow | null =>
    BrowserWindow.getAllWindows().find((window) => String(window.webContents.id) === caller.id) ?? null;
  void openCore(start, { pages, tray, browser, panel, service, quit, windowOf }, resolveService);
}

async function openCore(
  start: DesktopStart,
  parts: DesktopParts,
  resolveService: (service: DesktopService) => void,
): Promise<void> {
  try {
    const { createServiceJoin } = await import('./join-service.ts');
    const join = createServiceJoin(parts);
    const opened = await start.openService((base) => join.shellParts(base));
    process.on('unhandledRejection', (reason) =>
      opened.base.logger.error('a rejection was not handled', { reason: String(reason) }),
    );
    resolveService(opened);
    join.begin(opened);
    // An app on another data folder is a trial or a test: the user's command stays with the default one.
    if (start.isUsualHome) void opened.app.refreshCommandLine();
  } catch (error) {
    dialog.showErrorBox(en.desktop.startFailed, error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}
