import type { WebContents } from 'electron';

/** A page opens no windows; links open through `shell.openLink`, which asks the person and checks the address. */
export function refuseWindows(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
