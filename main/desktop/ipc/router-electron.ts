import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { envelopeOf } from '../../../shared/envelope.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../../../shared/ipc/channels.ts';
import type { Router } from '../../ipc/router.ts';
import type { OwnPages } from '../windows/own-pages.ts';
import { checkSender, type Sender } from './check-sender.ts';

/**
 * Passes calls of our pages to the router, and events to our pages. The only listener to pages: senders are checked here and nowhere
 * else, before anything in the message is examined.
 * @param router a promise, because a window may call before the core is open: its calls wait
 * @param report called for each refusal
 */
export function connectRouter(options: {
  readonly router: Promise<Router>;
  readonly pages: OwnPages;
  readonly report: (refusal: { readonly why: string; readonly from: string }) => void;
}): void {
  const { router, pages, report } = options;
  ipcMain.handle(CALL_CHANNEL, async (event, channel: unknown, input: unknown) => {
    const sender = senderOf(event, pages);
    const page = checkSender(sender);
    if (!page.ok) {
      report({ why: page.error.message, from: (sender.frameUrl ?? '').slice(0, 200) });
      return envelopeOf(page);
    }
    const kind = page.value === 'panel' ? 'panel' : 'window';
    return (await router).dispatch(channel, input, { kind, id: String(event.sender.id) });
  });
  void router.then((opened) =>
    opened.subscribe((event) => {
      // Only the log browser has places to go to.
      pages.send(EVENT_CHANNEL, event, event.event === 'navigate' ? 'browser' : undefined);
    }),
  );
}

function senderOf(event: IpcMainInvokeEvent, pages: OwnPages): Sender {
  const frame = event.senderFrame;
  return {
    page: pages.pageOf(event.sender),
    frameUrl: frame === null || frame.isDestroyed() ? null : frame.url,
    isMainFrame: frame !== null && frame === event.sender.mainFrame,
  };
}
