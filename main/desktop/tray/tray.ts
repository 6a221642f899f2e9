import { Menu, Tray, nativeTheme } from 'electron';
import { en } from '../../../shared/i18n/en.ts';
import type { AppState, StatusSnapshot } from '../../../shared/ipc/status.ts';
import type { Bounds } from '../windows/window-bounds.ts';
import { menuTemplate } from './menu-template.ts';
import { trayIcon } from './tray-icon.ts';
import { trayMenu, NOTHING_LISTED, type TrayAction, type TrayLists } from './tray-menu.ts';
import { tooltip } from './tray-words.ts';

/** The icon in the menu bar or task bar. */
export interface AppTray {
  /** Shows what is known now. Cheap when nothing that is seen has changed. */
  show(status: StatusSnapshot, lists: TrayLists, timeZone: string): void;
  bounds(): Bounds;
  remove(): void;
}

/**
 * Puts the icon up at once, before anything is known.
 * @param folder `assets/tray`, absolute
 * @param onClick the icon itself was clicked
 */
export function createTray(options: {
  readonly folder: string;
  readonly onClick: () => void;
  readonly act: (action: TrayAction) => void;
}): AppTray {
  const { folder, onClick, act } = options;
  let [state, unread]: [AppState, boolean] = ['idle', false];
  let [shownMenu, shownTip] = ['', ''];
  let shownCount = 0;
  let menu: Menu | null = null;
  const tray = new Tray(trayIcon(folder, state, unread));
  tray.on('click', onClick);
  // On a Mac a menu that is set would open instead of the panel: there it opens on the other button.
  if (process.platform === 'darwin') tray.on('right-click', () => menu && tray.popUpContextMenu(menu));

  function setMenu(status: StatusSnapshot | null, lists: TrayLists, timeZone: string): void {
    const lines = trayMenu(status, lists, timeZone);
    const text = JSON.stringify(lines);
    // Setting it closes an open menu under the pointer.
    if (text === shownMenu) return;
    shownMenu = text;
    menu = Menu.buildFromTemplate(menuTemplate(lines, act));
    if (process.platform !== 'darwin') tray.setContextMenu(menu);
  }

  function setTip(text: string): void {
    if (text === shownTip) return;
    shownTip = text;
    tray.setToolTip(text);
  }

  /** Beside the icon, which only the menu bar of macOS has room for; the others tell it in the icon and the tooltip. */
  function setCount(count: number): void {
    if (process.platform !== 'darwin' || count === shownCount) return;
    shownCount = count;
    tray.setTitle(count === 0 ? '' : ` ${count}`);
  }

  const redraw = (): void => tray.setImage(trayIcon(folder, state, unread));
  // Also sent where the bar's colour did not change; a second drawing of the same costs nothing to speak of.
  nativeTheme.on('updated', redraw);
  setMenu(null, NOTHING_LISTED, 'UTC');
  setTip(`${en.common.productName}: ${en.desktop.starting}`);
  return {
    show(status, lists, timeZone) {
      if (status.state !== state || status.unread > 0 !== unread) {
        [state, unread] = [status.state, status.unread > 0];
        redraw();
      }
      setMenu(status, lists, timeZone);
      setTip(tooltip(status, timeZone));
      setCount(status.unread + status.attention.length);
    },
    bounds: () => tray.getBounds(),
    remove() {
      nativeTheme.off('updated', redraw);
      tray.destroy();
    },
  };
}
