import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppEvent } from '../../shared/ipc/contract.ts';

/** The open event streams, one per open page. */
export interface EventStreams {
  /** Turns a request into a stream of events. */
  open(request: IncomingMessage, response: ServerResponse): void;
  send(event: AppEvent): void;
  /** Number of listening pages. */
  readonly size: number;
  close(): void;
}

/** Proxies and browsers drop a connection that is silent for half a minute or more. */
const BEAT_MS = 20_000;
/** A page that does not read (a sleeping tab) is dropped at this many bytes; it reconnects and refetches everything. */
const BACKLOG = 4 * 1024 * 1024;

/** @param onCount called after a page connected or disconnected */
export function createEventStreams(onCount: () => void): EventStreams {
  const streams = new Set<ServerResponse>();
  let beat: NodeJS.Timeout | null = null;

  function write(text: string): void {
    for (const stream of streams) {
      if (stream.writableLength > BACKLOG) stream.destroy();
      else stream.write(text);
    }
  }

  function count(): void {
    if (streams.size === 0 && beat !== null) {
      clearInterval(beat);
      beat = null;
    } else if (streams.size > 0) beat ??= setInterval(() => write(': still here\n\n'), BEAT_MS);
    onCount();
  }

  return {
    open(request, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      // Sent at once, so that the page knows it is connected.
      response.write(': hello\n\n');
      streams.add(response);
      const gone = (): void => {
        if (streams.delete(response)) count();
      };
      response.on('close', gone);
      response.on('error', gone);
      request.socket.setTimeout(0);
      count();
    },
    send: (event) => write(`data: ${JSON.stringify(event)}\n\n`),
    get size() {
      return streams.size;
    },
    close() {
      for (const stream of streams) stream.end();
      streams.clear();
      count();
    },
  };
}
