import type { MenuItemConstructorOptions } from 'electron';
import type { TrayAction, TrayLine } from './tray-menu.ts';

/** The lines as Electron takes them. @param act does what a chosen line says */
export function menuTemplate(
  lines: readonly TrayLine[],
  act: (action: TrayAction) => void,
): MenuItemConstructorOptions[] {
  return lines.map(({ label, action, lines: inner }): MenuItemConstructorOptions => {
    if (label === '' && action === null) return { type: 'separator' };
    return {
      // A single ampersand would be taken for a mark of the letter after it.
      label: label.replaceAll('&', '&&'),
      ...(inner === undefined ? {} : { submenu: menuTemplate(inner, act) }),
      enabled: inner !== undefined || action !== null,
      ...(action === null ? {} : { click: () => act(action) }),
    };
  });
}
