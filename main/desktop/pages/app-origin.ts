/** The single origin of our pages. Our own scheme instead of `file:`, which would give a page the same origin as every file on disk. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://session-log';

export type PageName = 'browser' | 'panel';

/**
 * Returns the address of a page.
 * @param hash a place in it (shared/ipc/route.ts), with its `#`; empty for its start
 */
export function pageUrl(page: PageName, hash = ''): string {
  return `${APP_ORIGIN}/${page}/index.html${hash}`;
}

/** Whether an address is in our origin. Node's URL has no origin for non-web schemes, so its parts are compared. */
export function isAppUrl(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${APP_SCHEME}:` && url.host === 'session-log' && url.username === '';
  } catch {
    return false;
  }
}
