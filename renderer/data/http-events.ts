import { KEY_HEADER } from '../../shared/ipc/http.ts';

export interface EventLine {
  /** Ends it for good. */
  close(): void;
}

export interface EventLineOptions {
  readonly url: string;
  readonly key: () => Promise<string>;
  readonly onOpen: () => void;
  /** The line is not there; it is tried again unless the server refused. */
  readonly onLost: () => void;
  /** The server does not know this tab; it is not tried again. */
  readonly onRefused: () => void;
  /** The data of one event, as the server wrote it. */
  readonly onData: (data: string) => void;
}

/** Between two tries to connect, in milliseconds. */
const RETRY_MS = 2_000;

/**
 * Listens to the events of the server, again and again. By `fetch` and not by `EventSource`, which cannot send the header that proves
 * the tab; what is read is the one form of `text/event-stream` that our server writes: `data: <one line>`, comments, empty lines.
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
