import type { WebContents } from 'electron';

/**
 * Prevents a page from navigating: it shows other places by its hash, which is not navigation. Loads started by the main process
 * (`loadURL`) do not trigger this.
 */
export function refuseNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
}
