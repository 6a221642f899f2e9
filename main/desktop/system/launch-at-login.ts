import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { autostartEntry } from './autostart-entry.ts';

/**
 * Turns launching the app, hidden, at login on or off. Only for an installed app: one run from its sources would leave an entry that starts
 * a bare Electron.
 */
export function setLaunchAtLogin(wanted: boolean): void {
  if (!app.isPackaged) return;
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted, args: ['--hidden'] });
    return;
  }
  // Electron does not support login items on Linux; desktops read this folder.
  const config = process.env['XDG_CONFIG_HOME'] ?? join(app.getPath('home'), '.config');
  const folder = join(config, 'autostart');
  const file = join(folder, 'session-log.desktop');
  if (!wanted) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(folder, { recursive: true });
  // An AppImage runs from a temporary mount; this names its own file.
  writeFileSync(file, autostartEntry(process.env['APPIMAGE'] ?? process.execPath));
}
