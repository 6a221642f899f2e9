import { nativeTheme } from 'electron';
import type { Settings } from '../../../shared/domain/settings.ts';

/** Makes pages, menus and dialogs follow the theme in the settings. */
export function setTheme(theme: Settings['app']['theme']): void {
  if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
}
