import type { MenuItemConstructorOptions } from 'electron';
import type { TrayAction, TrayLine } from './tray-menu.ts';

/** Converts the items for Electron. @param act carries out a selected item */
export function menuTemplate(
  lines: readonly TrayLine[],
  act: (action: TrayAction) => void,
): MenuItemConstructorOptions[] {
  return lines.map(({ label, action, lines: inner }): MenuItemConstructorOptions => {
    if (label === '' && action === null) return { type: 'separator' };
    return {
      // A single ampersand would mark the following letter as its mnemonic.
      label: label.replaceAll('&', '&&'),
      ...(inner === undefined ? {} : { submenu: menuTemplate(inner, act) }),
      enabled: inner !== undefined || action !== null,
      ...(action === null ? {} : { click: () => act(action) }),
    };
  });
}
