import { appError } from '../../shared/app-error.ts';
import { isEnvelope, type Envelope } from '../../shared/envelope.ts';
import { en } from '../../shared/i18n/en.ts';
import type { Api } from '../../shared/ipc/api.ts';
import { EVENTS, type EventName } from '../../shared/ipc/channels.ts';

/** Whether the other side can be heard: the desktop app always can, the server of the browser view may have been stopped. */
export interface Connection {
  readonly isLost: () => boolean;
  /** Calls back when the connection is lost, and when it is there again (events in between are gone). */
  subscribe(listener: () => void): () => void;
}

type Listener = (payload: unknown) => void;

/**
 * The contract over HTTP, for the browser view: `POST api/<channel>` and one event stream; the protocol is in docs/ipc.md. The session
 * lives in a cookie that this code cannot read.
 * @param base where the pages come from, with a slash at the end
 */
export function createHttpApi(base: string): Api & { readonly connection: Connection; close(): void } {
  const listeners = new Map<EventName, Set<Listener>>();
  const watchers = new Set<() => void>();
  let lost = false;
  const setLost = (next: boolean): void => {
    if (lost === next) return;
    lost = next;
    for (const watcher of watchers) watcher();
  };

  const stream = new EventSource(`${base}events`);
  stream.addEventListener('open', () => setLost(false));
  stream.addEventListener('error', () => setLost(true));
  stream.addEventListener('message', (message: MessageEvent<string>) => {
    const event = readEvent(message.data);
    if (event !== null) for (const listener of listeners.get(event.name) ?? []) listener(event.payload);
  });

  return {
    // The reply's shape is the server's promise: both ends are built from one contract.
    invoke: (channel, input) => call(`${base}api/${channel}`, input) as ReturnType<Api['invoke']> as never,
    on(event, listener) {
      const all = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, all);
      all.add(listener as Listener);
      return () => all.delete(listener as Listener);
    },
    connection: {
      isLost: () => lost,
      subscribe(watcher) {
        watchers.add(watcher);
        return () => watchers.delete(watcher);
      },
    },
    close: () => stream.close(),
  };
}

async function call(url: string, input: unknown): Promise<Envelope<unknown>> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-log': '1' },
      body: JSON.stringify(input),
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch {
    return { ok: false, error: appError('offline', en.problems.serverGone, en.problems.serverGoneRemedy) };
  }
  const body: unknown = await response.json().catch(() => null);
  if (isEnvelope(body)) return body;
  if (response.status === 401 || response.status === 403)
    return { ok: false, error: appError('denied', en.problems.noSession, en.problems.noSessionRemedy) };
  return {
    ok: false,
    error: appError('bug', en.problems.badReply(response.status), en.problems.badReplyRemedy),
  };
}

function readEvent(data: string): { readonly name: EventName; readonly payload: unknown } | null {
  try {
    const message: unknown = JSON.parse(data);
    if (typeof message !== 'object' || message === null || !('event' in message)) return null;
    const name = EVENTS.find((event) => event === message.event);
    return name === undefined ? null : { name, payload: 'payload' in message ? message.payload : null };
  } catch {
    return null;
  }
}
