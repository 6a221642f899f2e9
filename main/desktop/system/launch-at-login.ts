import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { autostartEntry } from './autostart-entry.ts';

/**
 * Starts the app, hidden, when the user logs in, or no longer. Only an installed app: one that runs from its sources would leave an entry that
 * starts a bare Electron.
 */
export function setLaunchAtLogin(wanted: boolean): void {
  if (!app.isPackaged) return;
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted, args: ['--hidden'] });
    return;
  }
  // Electron knows no login items on Linux; desktops read this folder.
  const config = process.env['XDG_CONFIG_HOME'] ?? join(app.getPath('home'), '.config');
  const folder = join(config, 'autostart');
  const file = join(folder, 'session-log.desktop');
  if (!wanted) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(folder, { recursive: true });
  // An AppImage runs from a mount that is gone after it; its own file is named here.
  writeFileSync(file, autostartEntry(process.env['APPIMAGE'] ?? process.execPath));
}
