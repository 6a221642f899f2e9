import { screen, type BrowserWindow } from 'electron';
import { openPage } from './open-page.ts';
import type { OwnPages } from './own-pages.ts';
import { panelPlace } from './panel-place.ts';
import type { Bounds } from './window-bounds.ts';

const SIZE = { width: 380, height: 580 } as const;
/** A click on the tray first takes the focus from the panel, which hides it: the same click must not reopen it. */
const SAME_CLICK_MS = 250;
/** The panel is opened often and briefly, so its page is kept longer than the window's; then its process ends. */
const KEPT_MS = 60_000;

/** The small window at the tray. */
export interface Panel {
  /** Shows it, or hides it when visible. */
  toggle(): void;
  hide(): void;
  /** From now on closing really closes. */
  release(): void;
  readonly window: BrowserWindow | null;
}

export interface PanelOptions {
  readonly preload: string;
  readonly pages: OwnPages;
  /** The tray icon's current bounds; without area if the platform does not report them. */
  readonly trayBounds: () => Bounds;
  readonly onShown: () => void;
}

/** @returns a panel without a window yet */
export function createPanel(options: PanelOptions): Panel {
  let window: BrowserWindow | null = null;
  let hiddenAt = 0;
  let ending: NodeJS.Timeout | null = null;
  let released = false;

  function open(): BrowserWindow {
    const opened = openPage({
      page: 'panel',
      hash: '',
      preload: options.preload,
      pages: options.pages,
      window: {
        ...place(),
        frame: false,
        resizable: false,
        maximizable: false,
        minimizable: false,
        fullscreenable: false,
        skipTaskbar: true,
        alwaysOnTop: true,
      },
    });
    opened.setMenuBarVisibility(false);
    opened.once('ready-to-show', () => reveal(opened));
    opened.on('blur', hide);
    opened.on('closed', () => {
      window = null;
    });
    // Closed by the window manager: it is kept for a while, as when it loses the focus.
    opened.on('close', (event) => {
      if (released) return;
      event.preventDefault();
      hide();
    });
    opened.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') opened.destroy();
    });
    return opened;
  }

  function place(): Bounds {
    const tray = options.trayBounds();
    const point = tray.width > 0 ? { x: tray.x, y: tray.y } : screen.getCursorScreenPoint();
    const display = screen.getDisplayNearestPoint(point);
    return panelPlace(SIZE, tray, display.workArea, display.bounds);
  }

  function reveal(shown: BrowserWindow): void {
    shown.setBounds(place());
    shown.show();
    shown.focus();
    options.onShown();
  }

  function hide(): void {
    if (window === null || !window.isVisible()) return;
    window.hide();
    hiddenAt = performance.now();
    const kept = window;
    ending = setTimeout(() => kept.destroy(), KEPT_MS);
  }

  return {
    toggle() {
      if (window?.isVisible() === true) return hide();
      if (performance.now() - hiddenAt < SAME_CLICK_MS && hiddenAt > 0) return;
      if (ending !== null) clearTimeout(ending);
      ending = null;
      if (window === null) window = open();
      else if (!window.webContents.isLoadingMainFrame()) reveal(window);
    },
    hide,
    release() {
      released = true;
      if (ending !== null) clearTimeout(ending);
    },
    get window() {
      return window;
    },
  };
}
