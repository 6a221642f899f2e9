import { contextBridge, ipcRenderer } from 'electron';
import { CALL_CHANNEL, CALLS, EVENT_CHANNEL, EVENTS } from '../shared/ipc/channels.ts';

/**
 * The bridge knows only names: what a name means, and whether an input is valid, is decided in the main process, which a page cannot
 * influence. Bundled to one CommonJS file, because a sandboxed preload can load no other.
 */
const calls: ReadonlySet<string> = new Set(CALLS);
const events: ReadonlySet<string> = new Set(EVENTS);

const api = {
  invoke(channel: string, input: unknown): Promise<unknown> {
    if (!calls.has(channel)) return Promise.reject(new Error('unknown channel'));
    return ipcRenderer.invoke(CALL_CHANNEL, channel, input);
  },
  on(event: string, listener: (payload: unknown) => void): () => void {
    if (!events.has(event)) throw new Error('unknown event');
    // The first argument of an Electron listener contains the sender; it never reaches the page.
    const receive = (
      _sender: unknown,
      message: { readonly event: string; readonly payload: unknown },
    ): void => {
      if (message.event === event) listener(message.payload);
    };
    ipcRenderer.on(EVENT_CHANNEL, receive);
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, receive);
    };
  },
};

contextBridge.exposeInMainWorld('api', api);
