import type { BrowserWindow } from 'electron';
import { EVENT_CHANNEL } from '../../../shared/ipc/channels.ts';
import { keepWindowState, rememberedBounds } from './keep-window-state.ts';
import { openPage } from './open-page.ts';
import type { OwnPages } from './own-pages.ts';
import { SMALLEST } from './window-bounds.ts';

/** A closed window is kept this long, so that closing it by mistake costs nothing; then its process ends and its memory is freed. */
const KEPT_MS = 10_000;

/** The log browser window: at most one. */
export interface LogBrowser {
  /** Shows it, at the given place (a hash); else where it was. */
  show(route?: string): void;
  /** The window, as parent of a dialog; null when there is none. */
  readonly window: BrowserWindow | null;
  /** From now on closing really closes. */
  release(): void;
}

export interface LogBrowserOptions {
  readonly preload: string;
  readonly pages: OwnPages;
  /** Absolute path of the file with the window's position. */
  readonly stateFile: string;
  /** Absolute path of the task bar icon. */
  readonly icon: string;
  /** Called after it was shown. */
  readonly onShown: () => void;
  /** Called after a person has closed it, which only hides it. */
  readonly onHidden: () => void;
}

/** @returns a log browser without a window yet */
export function createLogBrowser(options: LogBrowserOptions): LogBrowser {
  let window: BrowserWindow | null = null;
  let lastHash = '';
  let ending: NodeJS.Timeout | null = null;
  let released = false;

  function open(hash: string): BrowserWindow {
    const { bounds, maximized } = rememberedBounds(options.stateFile);
    const opened = openPage({
      page: 'browser',
      hash,
      preload: options.preload,
      pages: options.pages,
      window: { ...bounds, minWidth: SMALLEST.width, minHeight: SMALLEST.height, icon: options.icon },
    });
    // Alt shows it; its shortcuts work without it.
    opened.setAutoHideMenuBar(true);
    opened.setMenuBarVisibility(false);
    keepWindowState(opened, options.stateFile);
    opened.once('ready-to-show', () => {
      // Closed while still loading: it stays hidden until requested.
      if (ending !== null) return;
      if (maximized) opened.maximize();
      reveal(opened);
    });
    opened.on('close', (event) => {
      if (released) return;
      event.preventDefault();
      opened.hide();
      options.onHidden();
      ending = setTimeout(() => opened.destroy(), KEPT_MS);
    });
    opened.on('closed', () => {
      window = null;
    });
    opened.webContents.on('did-navigate-in-page', (_event, url) => {
      lastHash = hashOfUrl(url);
    });
    opened.webContents.on('render-process-gone', (_event, { reason }) => {
      // The next opening starts over, instead of leaving an empty window.
      if (reason !== 'clean-exit') opened.destroy();
    });
    return opened;
  }

  function reveal(shown: BrowserWindow): void {
    if (shown.isMinimized()) shown.restore();
    shown.show();
    shown.focus();
    options.onShown();
  }

  return {
    show(route) {
      if (ending !== null) clearTimeout(ending);
      ending = null;
      if (window === null) {
        window = open(route ?? lastHash);
        return;
      }
      if (route !== undefined) {
        if (window.webContents.isLoadingMainFrame()) lastHash = route;
        window.webContents.send(EVENT_CHANNEL, { event: 'navigate', payload: { route } });
      }
      reveal(window);
    },
    get window() {
      return window;
    },
    release() {
      released = true;
      if (ending !== null) clearTimeout(ending);
    },
  };
}

function hashOfUrl(url: string): string {
  const cut = url.indexOf('#');
  return cut === -1 ? '' : url.slice(cut);
}
