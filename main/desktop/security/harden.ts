import { app, session } from 'electron';
import { refuseDownloads } from './refuse-downloads.ts';
import { refuseNavigation } from './refuse-navigation.ts';
import { refusePermissions } from './refuse-permissions.ts';
import { refuseRequests } from './refuse-requests.ts';
import { refuseWebviews } from './refuse-webviews.ts';
import { refuseWindows } from './refuse-windows.ts';

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
