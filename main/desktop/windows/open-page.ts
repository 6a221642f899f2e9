import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';
import { en } from '../../../shared/i18n/en.ts';
import { pageUrl, type PageName } from '../pages/app-origin.ts';
import { pagePreferences } from '../security/page-preferences.ts';
import type { OwnPages } from './own-pages.ts';

/** Background colours of an empty page in both themes (`--window` of renderer/ui/tokens.css), so that a window does not flash white. */
const BACKGROUND = { light: '#faf9f6', dark: '#181714' } as const;

export interface PageOptions {
  readonly page: PageName;
  /** A place in the page, with its `#`; empty for its start. */
  readonly hash: string;
  /** Absolute path of the built preload. */
  readonly preload: string;
  readonly pages: OwnPages;
  readonly window: BrowserWindowConstructorOptions;
}

/** Creates a window for one of our pages, hidden, and starts loading it. */
export function openPage({ page, hash, preload, pages, window: options }: PageOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: en.common.productName,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    ...options,
    show: false,
    webPreferences: pagePreferences(preload),
  });
  pages.add(window, page);
  const recolour = (): void =>
    window.setBackgroundColor(nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light);
  nativeTheme.on('updated', recolour);
  window.once('closed', () => nativeTheme.off('updated', recolour));
  // A rejection means that the window was closed while loading.
  window.loadURL(pageUrl(page, hash)).catch(() => undefined);
  return window;
}
