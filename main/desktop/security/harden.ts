import { app, session } from 'electron';
import { refuseDownloads } from './refuse-downloads.ts';
import { refuseNavigation } from './refuse-navigation.ts';
import { refusePermissions } from './refuse-permissions.ts';
import { refuseRequests } from './refuse-requests.ts';
import { refuseWebviews } from './refuse-webviews.ts';
import { refuseWindows } from './refuse-windows.ts';

/** Puts every page under the rules at its birth, whoever makes it. Must run before the app is ready. */
export function hardenPages(): void {
  // Also for a window that somebody would make without our preferences. Chromium cannot run its sandbox as root, who must leave it out by
  // this switch; with both no page would ever start.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => {
    refuseNavigation(contents);
    refuseWindows(contents);
    refuseWebviews(contents);
  });
}

/**
 * Puts the one session of all pages under the rules. Must run after the app is ready, before the first page.
 * @param developmentServer address of the server that pages may listen to for changes of their sources; undefined in the product
 */
export function hardenSession(developmentServer: string | undefined): void {
  const { defaultSession } = session;
  refusePermissions(defaultSession);
  refuseRequests(defaultSession, developmentServer);
  refuseDownloads(defaultSession);
}
