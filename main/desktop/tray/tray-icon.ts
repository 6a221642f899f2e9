import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeImage, nativeTheme, type NativeImage } from 'electron';
import type { AppState } from '../../../shared/ipc/status.ts';

/** Windows scales its task bar in these steps; each has its own picture. */
const WINDOWS_SIZES = [16, 20, 24, 32] as const;
/** The largest size drawn by panels of Linux desktops; smaller ones scale it down, which is sharper than scaling up. */
const LINUX_SIZE = 32;

/**
 * Returns the picture of a state.
 * @param folder `assets/tray`, absolute
 */
export function trayIcon(folder: string, state: AppState, unread: boolean): NativeImage {
  const name = `${state}${unread ? '-unread' : ''}`;
  if (process.platform === 'darwin') {
    // Electron finds the `@2x` beside it, and macOS colours a template itself.
    const image = nativeImage.createFromPath(join(folder, `${name}Template.png`));
    image.setTemplateImage(true);
    return image;
  }
  const ink = isBarDark() ? 'dark' : 'light';
  const file = (size: number): Buffer => readFileSync(join(folder, `${name}-${ink}-${size}.png`));
  if (process.platform === 'linux') return nativeImage.createFromBuffer(file(LINUX_SIZE));
  const image = nativeImage.createEmpty();
  for (const size of WINDOWS_SIZES) image.addRepresentation({ scaleFactor: size / 16, buffer: file(size) });
  return image;
}

/** Whether the bar that holds the icon is dark. It follows the system, not the theme chosen for our windows. */
function isBarDark(): boolean {
  // GNOME's bar is black in both themes.
  if (process.platform === 'linux' && /gnome|unity/i.test(process.env['XDG_CURRENT_DESKTOP'] ?? ''))
    return true;
  // Older Electrons lack the first.
  return nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ?? nativeTheme.shouldUseDarkColors;
}
