import type { Settings } from '../../shared/domain/settings.ts';
import { setLaunchAtLogin } from './system/launch-at-login.ts';
import { setTheme } from './system/theme.ts';
import type { Updater } from './system/updater.ts';

/** Applies the desktop settings, at start-up and after each change. */
export function followSettings(settings: Settings, before: Settings | null, updater: Updater): void {
  setTheme(settings.app.theme);
  updater.configure(settings.app);
  if (settings.app.launchAtLogin !== before?.app.launchAtLogin) setLaunchAtLogin(settings.app.launchAtLogin);
}
