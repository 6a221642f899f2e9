import type { WebContents } from 'electron';

/**
 * A page stays where it is: it shows other places by its hash, which is no navigation. Loads that the main process starts itself
 * (`loadURL`) do not come by here.
 */
export function refuseNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
}
