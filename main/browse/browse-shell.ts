import { fail, type Answer } from '../../shared/app-error.ts';
import { checkLink } from '../../shared/ipc/open-link.ts';
import type { AppInfo } from '../../shared/ipc/payloads.ts';
import { mapOk, ok } from '../../shared/result.ts';
import type { ShellService } from '../core/app/app-service.ts';
import type { FileManager } from '../core/ports/file-manager.ts';

/** Capabilities of a page in a browser; it hides what is unsupported. */
export const BROWSER_CAPABILITIES: AppInfo['capabilities'] = {
  notifications: false,
  reveal: false,
  openInEditor: false,
  pickPaths: false,
  launchAtLogin: false,
  updates: false,
  quit: false,
  metered: false,
};

/**
 * The shell of the browser view: a server has no windows, no dialogs and no access to the user's clipboard.
 * @param info answers `app.info`
 */
export function createBrowseShell(info: () => Promise<AppInfo>): ShellService {
  return {
    info: async () => ok(await info()),
    openBrowser: () => cannot('open a window'),
    hidePanel: () => cannot('hide a panel'),
    quit: () => cannot('end the program; press Ctrl+C where it runs'),
    reveal: () => cannot('show files in a file manager'),
    // The browser opens its own links; the check is the same.
    openLink: ({ url }) =>
      Promise.resolve(mapOk(checkLink(url), (checked) => ({ openedBy: 'page' as const, url: checked }))),
    copy: () => cannot('reach the clipboard; the page does that itself'),
    readClipboard: () => cannot('reach the clipboard; the page does that itself'),
    pickPath: () => cannot('ask for a file; type its path'),
    checkForUpdate: () => cannot('update itself'),
    installUpdate: () => cannot('update itself'),
  };
}

/** Files are on the server's machine, which may not be the one with the screen. */
export function createNoFileManager(): FileManager {
  return {
    reveal: () => cannot('show files in a file manager'),
    edit: () => cannot('open files in an editor'),
  };
}

function cannot(what: string): Answer<never> {
  return Promise.resolve(fail('usage', `The browser view cannot ${what}.`, 'Use the desktop app for that.'));
}
