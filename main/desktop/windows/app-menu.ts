import { Menu, type MenuItemConstructorOptions } from 'electron';
import { en } from '../../../shared/i18n/en.ts';

/**
 * The menu of the windows: on a Mac the bar on top, elsewhere unseen, for its shortcuts (editing, zoom, closing). No reload and no
 * developer tools: a page that can be looked into is a page that can be talked to.
 */
export function setAppMenu(act: {
  readonly openSettings: () => void;
  /** Where the command line tool is installed. */
  readonly openCommandLine: () => void;
  readonly quit: () => void;
}): void {
  const words = en.desktop.menu;
  const mac: MenuItemConstructorOptions[] = [
    {
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
    },
  ];
  const common: MenuItemConstructorOptions[] = [
    { role: 'editMenu' },
    {
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
    },
    { label: words.window, submenu: [{ role: 'minimize' }, { role: 'close' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate([...(process.platform === 'darwin' ? mac : []), ...common]));
}
