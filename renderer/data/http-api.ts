import { appError } from '../../shared/app-error.ts';
import { envelopeOf, isEnvelope, type Envelope } from '../../shared/envelope.ts';
import { en } from '../../shared/i18n/en.ts';
import type { Api } from '../../shared/ipc/api.ts';
import { EVENTS, type EventName } from '../../shared/ipc/channels.ts';
import { CONFIRM_HEADER, KEY_HEADER } from '../../shared/ipc/http.ts';
import { openEventLine } from './http-events.ts';

/** State of the other side: the desktop app is always there, the browser view's server may have been stopped. */
export interface Connection {
  readonly isLost: () => boolean;
  /** True when the server does not know this tab: it has no key, or one of a server that has ended. */
  readonly isRefused: () => boolean;
  /** Cancels the call that waits for confirmation in the terminal; null when there is none. */
  readonly waiting: () => (() => void) | null;
  /** Calls back when one of these changes. Events missed during a loss are gone. */
  subscribe(listener: () => void): () => void;
}

type Listener = (payload: unknown) => void;
type WritableState = { lost: boolean; refused: boolean; readonly waiting: (() => void)[] };

/**
 * The contract over HTTP, for the browser view: `POST api/<channel>` and one event stream; the protocol is in docs/ipc.md. The session
 * is in a cookie that this code cannot read, and in a key that no other page can.
 * @param base origin of the pages, with a trailing slash
 * @param key the key of this tab
 */
export function createHttpApi(
  base: string,
  key: Promise<string>,
): Api & { readonly connection: Connection; close(): void } {
  const listeners = new Map<EventName, Set<Listener>>();
  const watchers = new Set<() => void>();
  const state: WritableState = { lost: false, refused: false, waiting: [] };
  const tell = (): void => {
    for (const watcher of watchers) watcher();
  };
  const setLost = (next: boolean): void => {
    if (state.lost === next) return;
    state.lost = next;
    tell();
  };
  const refuse = (): void => {
    if (state.refused) return;
    state.refused = true;
    tell();
  };
  const line = openEventLine({
    url: `${base}events`,
    key: () => key,
    onOpen: () => setLost(false),
    onLost: () => setLost(true),
    onRefused: refuse,
    onData(data) {
      const event = readEvent(data);
      if (event !== null) for (const listener of listeners.get(event.name) ?? []) listener(event.payload);
    },
  });
  const call = async (channel: string, input: unknown): Promise<Envelope<unknown>> => {
    const stop = new AbortController();
    const takeBack = (): void => stop.abort();
    const onWaiting = (): void => {
      state.waiting.push(takeBack);
      tell();
    };
    const { envelope, refused } = await post(
      `${base}api/${channel}`,
      input,
      await key,
      stop.signal,
      onWaiting,
    );
    if (refused) refuse();
    const at = state.waiting.indexOf(takeBack);
    if (at !== -1) {
      state.waiting.splice(at, 1);
      tell();
    }
    return envelope;
  };
  return {
    // The server guarantees the reply's shape: both ends are built from one contract.
    invoke: (channel, input) => call(channel, input) as ReturnType<Api['invoke']> as never,
    on(event, listener) {
      const all = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, all);
      all.add(listener as Listener);
      return () => all.delete(listener as Listener);
    },
    connection: {
      isLost: () => state.lost,
      isRefused: () => state.refused,
      waiting: () => state.waiting[0] ?? null,
      subscribe(watcher) {
        watchers.add(watcher);
        return () => watchers.delete(watcher);
      },
    },
    close: () => line.close(),
  };
}

interface Posted {
  readonly envelope: Envelope<unknown>;
  /** The server does not know this tab. */
  readonly refused: boolean;
}

/** @param onWaiting called when the response head says that a person is being asked in the terminal */
async function post(
  url: string,
  input: unknown,
  key: string,
  signal: AbortSignal,
  onWaiting: () => void,
): Promise<Posted> {
  const failed = (...words: Parameters<typeof appError>): Posted => ({
    envelope: envelopeOf({ ok: false, error: appError(...words) }),
    refused: false,
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [KEY_HEADER]: key },
      body: JSON.stringify(input),
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    });
    if (response.headers.has(CONFIRM_HEADER)) onWaiting();
    const body: unknown = await response.json().catch(() => null);
    if (signal.aborted) return failed('cancelled', en.problems.takenBack, en.problems.takenBackRemedy);
    if (isEnvelope(body)) return { envelope: body, refused: false };
    if (response.status === 401 || response.status === 403)
      return { ...failed('denied', en.problems.noSession, en.problems.noSessionRemedy), refused: true };
    return failed('bug', en.problems.badReply(response.status), en.problems.badReplyRemedy);
  } catch {
    return failed('offline', en.problems.serverGone, en.problems.serverGoneRemedy);
  }
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
