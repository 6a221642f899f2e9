/** The one origin of our pages. A scheme of our own instead of `file:`, which would make every file on the disk a neighbour of a page. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://session-log';

export type PageName = 'browser' | 'panel';

/**
 * The address of a page.
 * @param hash a place in it (shared/ipc/route.ts), with its `#`; empty for its start
 */
export function pageUrl(page: PageName, hash = ''): string {
  return `${APP_ORIGIN}/${page}/index.html${hash}`;
}

/** Whether an address lies in our origin. Node's URL knows no origin of a scheme that is not the web's, so its parts are compared. */
export function isAppUrl(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${APP_SCHEME}:` && url.host === 'session-log' && url.username === '';
  } catch {
    return false;
  }
}
