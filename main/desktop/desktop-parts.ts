import type { BrowserWindow } from 'electron';
import type { DesktopService } from '../compose/desktop.ts';
import type { Caller } from '../core/app/app-service.ts';
import type { AppTray } from './tray/tray.ts';
import type { LogBrowser } from './windows/log-browser.ts';
import type { OwnPages } from './windows/own-pages.ts';
import type { Panel } from './windows/panel.ts';

/** The visible half of the app, created before the core. */
export interface DesktopParts {
  readonly pages: OwnPages;
  readonly tray: AppTray;
  readonly browser: LogBrowser;
  readonly panel: Panel;
  readonly service: Promise<DesktopService>;
  readonly quit: () => void;
  /** A caller's window, as parent of a dialog. */
  readonly windowOf: (caller: Caller) => BrowserWindow | null;
}
