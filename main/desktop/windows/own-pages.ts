import type { BrowserWindow, WebContents } from 'electron';
import type { PageName } from '../pages/app-origin.ts';

/** The windows this app has created, and the page each shows. Any other may not call. */
export interface OwnPages {
  /** Registers a window until it is gone. */
  add(window: BrowserWindow, page: PageName): void;
  pageOf(contents: WebContents): PageName | null;
  /** Sends a message to each page, or to those with one name. */
  send(channel: string, message: unknown, page?: PageName): void;
}

/** @returns a list without windows */
export function createOwnPages(): OwnPages {
  const pages = new Map<WebContents, PageName>();
  return {
    add(window, page) {
      const contents = window.webContents;
      pages.set(contents, page);
      contents.once('destroyed', () => pages.delete(contents));
    },
    pageOf: (contents) => pages.get(contents) ?? null,
    send(channel, message, page) {
      for (const [contents, name] of pages) {
        if (page !== undefined && page !== name) continue;
        // Between a page's crash and its restart there is nobody to receive it.
        if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, message);
      }
    },
  };
}
