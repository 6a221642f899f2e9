import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { en } from '../../../shared/i18n/en.ts';

/** The actions of the window menu. */
export interface AppMenuActions {
  /** The dialog that saves a session. */
  readonly save: () => void;
  readonly openSettings: () => void;
  /** Where the command line tool is installed. */
  readonly openCommandLine: () => void;
  readonly showShortcuts: () => void;
  readonly quit: () => void;
}

/**
 * The menu of the windows: on a Mac the bar on top; elsewhere Alt shows it, and its shortcuts work without it. No reload and no
 * developer tools: a page that can be inspected can be manipulated.
 */
export function setAppMenu(act: AppMenuActions): void {
  const words = en.desktop.menu;
  app.setAboutPanelOptions({
    applicationName: en.common.productName,
    applicationVersion: app.getVersion(),
    version: '',
  });
  const view: MenuItemConstructorOptions = {
    label: words.view,
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      // The key without Shift, which most keyboards need for a plus.
      { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  const window: MenuItemConstructorOptions = {
    label: words.window,
    submenu: [{ role: 'minimize' }, { role: 'close' }],
  };
  const first = process.platform === 'darwin' ? [macMenu(act), macFileMenu(act)] : [fileMenu(act)];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...first, { role: 'editMenu' }, view, window, helpMenu(act)]),
  );
}

function macMenu(act: AppMenuActions): MenuItemConstructorOptions {
  const words = en.desktop.menu;
  return {
    label: en.common.productName,
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      { label: words.settings, accelerator: 'Command+,', click: act.openSettings },
      { label: words.commandLine, click: act.openCommandLine },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { label: words.quit, accelerator: 'Command+Q', click: act.quit },
    ],
  };
}

/** Only what other apps have there too; settings and quitting are in the first menu. */
function macFileMenu(act: AppMenuActions): MenuItemConstructorOptions {
  return { label: en.desktop.menu.file, submenu: [saveItem(act), { role: 'close' }] };
}

function saveItem(act: AppMenuActions): MenuItemConstructorOptions {
  return { label: en.desktop.menu.save, accelerator: 'CommandOrControl+S', click: act.save };
}

function fileMenu(act: AppMenuActions): MenuItemConstructorOptions {
  const words = en.desktop.menu;
  return {
    label: words.file,
    submenu: [
      saveItem(act),
      { type: 'separator' },
      { label: words.settings, accelerator: 'Control+,', click: act.openSettings },
      { label: words.commandLine, click: act.openCommandLine },
      { type: 'separator' },
      { label: words.quit, accelerator: 'Control+Q', click: act.quit },
    ],
  };
}

function helpMenu(act: AppMenuActions): MenuItemConstructorOptions {
  const words = en.desktop.menu;
  return {
    label: words.help,
    role: 'help',
    submenu: [
      { label: words.shortcuts, click: act.showShortcuts },
      // On a Mac it is in the first menu.
      ...(process.platform === 'darwin' ? [] : [{ label: words.about, click: () => app.showAboutPanel() }]),
    ],
  };
}
