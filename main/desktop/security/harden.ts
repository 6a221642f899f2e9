import { app, session, type Session, type WebContents } from 'electron';
import { isAppUrl } from '../pages/app-origin.ts';

/** Applies the rules to every page on creation, whoever creates it. Must run before the app is ready. */
export function hardenPages(): void {
  // Also for a window created without our preferences. Chromium cannot run its sandbox as root, who must disable it by this switch; with
  // both, no page would ever start.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => {
    refuseNavigation(contents);
    refuseWindows(contents);
    refuseWebviews(contents);
  });
}

/**
 * Applies the rules to the one session of all pages. Must run after the app is ready, before the first page.
 * @param developmentServer address of the server that pages may listen to for changes of their sources; undefined in the product
 */
export function hardenSession(developmentServer: string | undefined): void {
  const { defaultSession } = session;
  refusePermissions(defaultSession);
  refuseRequests(defaultSession, developmentServer);
  refuseDownloads(defaultSession);
}

/**
 * Prevents a page from navigating: it shows other places by its hash, which is not navigation. Loads started by the main process
 * (`loadURL`) do not trigger this.
 */
function refuseNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
}

/** A page opens no windows; links open through `shell.openLink`, which asks the person and checks the address. */
function refuseWindows(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** No page embeds another: `webviewTag` is off, and an element that appears all the same gets nothing. */
function refuseWebviews(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Camera, location, notifications, clipboard, devices, screen, full screen: our pages need none of them, so each is refused. */
function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
}

/**
 * Enforces below the page what its policy already forbids: no request of a page leaves the machine. Developer tools load their own files.
 * @param developmentServer the only other address they may reach; undefined in the product
 */
function refuseRequests(session: Session, developmentServer: string | undefined): void {
  const changes = developmentServer?.replace(/^http/, 'ws');
  session.webRequest.onBeforeRequest((request, answer) => {
    const isChange = changes !== undefined && request.url.startsWith(`${changes}/`);
    answer({ cancel: !isAppUrl(request.url) && !request.url.startsWith('devtools://') && !isChange });
  });
}

/** Files are saved through the main process's dialog; a download started by a page is not ours. */
function refuseDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault());
}
