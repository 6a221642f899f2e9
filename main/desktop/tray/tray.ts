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
  /** Shows the current state. Cheap when nothing visible has changed. */
  show(status: StatusSnapshot, lists: TrayLists, timeZone: string): void;
  bounds(): Bounds;
  remove(): void;
}

/**
 * Shows the icon at once, before anything is known.
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
  // On a Mac an assigned menu would open instead of the panel: there it opens on right-click.
  if (process.platform === 'darwin') tray.on('right-click', () => menu && tray.popUpContextMenu(menu));

  function setMenu(status: StatusSnapshot | null, lists: TrayLists, timeZone: string): void {
    const lines = trayMenu(status, lists, timeZone);
    const text = JSON.stringify(lines);
    // Assigning it closes a menu open under the pointer.
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

  /** Beside the icon, for which only the macOS menu bar has room; elsewhere the icon and the tooltip show it. */
  function setCount(count: number): void {
    if (process.platform !== 'darwin' || count === shownCount) return;
    shownCount = count;
    tray.setTitle(count === 0 ? '' : ` ${count}`);
  }

  const redraw = (): void => tray.setImage(trayIcon(folder, state, unread));
  // Also emitted when the bar's colour did not change; redrawing the same costs next to nothing.
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
