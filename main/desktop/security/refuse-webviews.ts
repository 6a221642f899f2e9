import type { WebContents } from 'electron';

/** No page embeds another: `webviewTag` is off, and an element that appears all the same gets nothing. */
export function refuseWebviews(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
