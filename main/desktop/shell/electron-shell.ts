import { app, clipboard, dialog, shell, type BrowserWindow } from 'electron';
import { fail, type Answer } from '../../../shared/app-error.ts';
import { en } from '../../../shared/i18n/en.ts';
import { checkLink } from '../../../shared/ipc/open-link.ts';
import type { AppInfo, Capabilities } from '../../../shared/ipc/payloads.ts';
import { ok } from '../../../shared/result.ts';
import type { ShellFacts } from '../../core/app/status/app-info.ts';
import type { Caller, ShellService } from '../../core/app/app-service.ts';
import type { Power } from '../../core/ports/power.ts';
import type { FileManager } from '../../core/ports/file-manager.ts';
import type { Updater } from '../system/updater.ts';

/** What the desktop needs from the app besides the core. */
export interface ElectronShellParts {
  /** Completes the shell's own facts. */
  readonly info: (shell: ShellFacts) => Promise<AppInfo>;
  readonly paths: { readonly home: string; readonly settings: string; readonly appLog: string };
  readonly fileManager: FileManager;
  readonly power: Pick<Power, 'canTellMetered'>;
  readonly updater: Updater;
  readonly openBrowser: (route: string | undefined) => void;
  /** A caller's window, as parent of a dialog; null when it is gone. */
  readonly windowOf: (caller: Caller) => BrowserWindow | null;
  readonly hidePanel: () => void;
  readonly quit: () => void;
}

const DIALOG_OF = {
  workspace: 'openDirectory',
  vault: 'openDirectory',
  'store-folder': 'openDirectory',
  credentials: 'openFile',
  'session-folder': 'openDirectory',
} as const;

/** The shell of the desktop app. */
export function createElectronShell(parts: ElectronShellParts): ShellService {
  return {
    async info() {
      const facts: ShellFacts = {
        version: app.getVersion(),
        shell: 'desktop',
        platform: platform(),
        capabilities: { ...capabilities(), metered: await parts.power.canTellMetered() },
        runtime: {
          electron: process.versions['electron'] ?? '',
          chromium: process.versions['chrome'] ?? '',
          node: process.versions.node,
        },
      };
      return ok(await parts.info(facts));
    },
    openBrowser({ route }) {
      parts.openBrowser(route);
      return done();
    },
    hidePanel() {
      parts.hidePanel();
      return done();
    },
    quit() {
      // After the response has been sent.
      setImmediate(parts.quit);
      return done();
    },
    reveal: ({ what }) =>
      parts.fileManager.reveal(
        { 'app-log': parts.paths.appLog, data: parts.paths.home, settings: parts.paths.settings }[what],
      ),
    async openLink({ url }) {
      const checked = checkLink(url);
      if (!checked.ok) return checked;
      try {
        await shell.openExternal(checked.value);
        return ok({ openedBy: 'shell' as const, url: checked.value });
      } catch {
        return fail('io', 'The system could not open the link.', 'Copy the address into a browser.');
      }
    },
    async copy({ text, secret = false }) {
      // A promise in newer Electrons, nothing in older ones.
      await clipboard.writeText(text);
      if (secret) takeOffLater(text);
      return ok(undefined);
    },
    readClipboard: async () => ok({ text: (await clipboard.readText()) || null }),
    async pickPath({ purpose }, caller) {
      const choice = {
        title: en.desktop.dialogs[purpose],
        buttonLabel: en.desktop.dialogs.choose,
        properties: [DIALOG_OF[purpose], 'dontAddToRecent' as const],
      };
      const window = parts.windowOf(caller);
      const answer = await (window ? dialog.showOpenDialog(window, choice) : dialog.showOpenDialog(choice));
      return ok({ path: answer.canceled ? null : (answer.filePaths[0] ?? null) });
    },
    checkForUpdate: () => parts.updater.check(),
    installUpdate: () => Promise.resolve(parts.updater.install()),
  };
}

/** How long a copied secret stays on the clipboard, in milliseconds. */
const ON_CLIPBOARD_MS = 60_000;

function takeOffLater(text: string): void {
  const takeOff = async (): Promise<void> => {
    if ((await clipboard.readText()) === text) clipboard.clear();
  };
  setTimeout(() => void takeOff(), ON_CLIPBOARD_MS).unref();
}

function platform(): AppInfo['platform'] {
  return process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
}

function capabilities(): Omit<Capabilities, 'metered'> {
  return {
    notifications: true,
    reveal: true,
    openInEditor: true,
    pickPaths: true,
    // When run from its sources, the app has no program of its own to launch or replace.
    launchAtLogin: app.isPackaged,
    updates: app.isPackaged,
    quit: true,
  };
}

function done(): Answer<void> {
  return Promise.resolve(ok(undefined));
}
