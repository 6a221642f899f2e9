import { KEY_HEADER } from '../../shared/ipc/http.ts';

export interface EventLine {
  /** Closes it permanently. */
  close(): void;
}

export interface EventLineOptions {
  readonly url: string;
  readonly key: () => Promise<string>;
  readonly onOpen: () => void;
  /** The connection is lost; it is retried unless the server refused. */
  readonly onLost: () => void;
  /** The server does not know this tab; there is no retry. */
  readonly onRefused: () => void;
  /** The data of one event, as written by the server. */
  readonly onData: (data: string) => void;
}

/** Interval between connection attempts, in milliseconds. */
const RETRY_MS = 2_000;

/**
 * Listens to the server's events, reconnecting as needed. With `fetch`, not `EventSource`, which cannot send the header that
 * authenticates the tab; supports only the form of `text/event-stream` that our server writes: `data: <one line>`, comments, empty
 * lines.
 */
export function openEventLine(options: EventLineOptions): EventLine {
  const end = new AbortController();
  void listen(options, end.signal);
  return { close: () => end.abort() };
}

async function listen(options: EventLineOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const outcome = await once(options, signal).catch(() => 'lost' as const);
    if (signal.aborted) return;
    if (outcome === 'refused') return options.onRefused();
    options.onLost();
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function once(options: EventLineOptions, signal: AbortSignal): Promise<'lost' | 'refused'> {
  const response = await fetch(options.url, {
    headers: { accept: 'text/event-stream', [KEY_HEADER]: await options.key() },
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  });
  if (response.status === 401 || response.status === 403) return 'refused';
  if (!response.ok || response.body === null) return 'lost';
  options.onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return 'lost';
    const lines = `${rest}${value}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) options.onData(line.slice('data: '.length));
  }
}
