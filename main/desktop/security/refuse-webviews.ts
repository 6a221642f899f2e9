import type { WebContents } from 'electron';

/** No page embeds another one: `webviewTag` is off, and should an element appear all the same it gets nothing. */
export function refuseWebviews(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
