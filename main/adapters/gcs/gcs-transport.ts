import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { HttpClient } from './http-client.ts';
import { ProxyError } from './http-proxy.ts';
import { StallError } from './stall-watch.ts';

/** Why there was no response, or an incomplete one. */
export interface TransportFailure {
  readonly kind:
    /** No network, no such host, nobody listening. */
    | 'unreachable'
    /** The connection broke: the request may or may not have been executed. */
    | 'reset'
    /** No progress for the time allowed. */
    | 'stall'
    /** The other side could not prove its identity. */
    | 'certificate'
    /** The proxy refused, or the configured one is unusable. */
    | 'proxy'
    | 'cancelled'
    /** The response is larger than is legitimate. */
    | 'oversized';
  /** The system's error code (`ENOTFOUND`), for diagnosis; for a proxy that refused, its status. */
  readonly reason: string;
  /** Host and port of the proxy that failed; absent when the host itself did. */
  readonly proxy?: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A response whose head was read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Readable once. Throws what {@link failureOf} reads when the connection breaks or stalls before the end. */
  readonly body: AsyncIterable<Buffer>;
  /** Ends a response that is not read to its end, and its connection. */
  drop(): void;
}

/** HTTP over persistent connections that are bounded in number and never wait forever. */
export interface Transport {
  /** Sends and returns the response head; the caller reads the body to its end or drops it. */
  open(request: HttpRequest): Promise<Result<HttpAnswer, TransportFailure>>;
  /** Sends and reads the whole response, which must fit in `limit` bytes. */
  send(request: HttpRequest, limit?: number): Promise<Result<HttpReply, TransportFailure>>;
  /** Closes all connections; new ones are opened on demand. */
  close(): void;
}

export interface TransportOptions {
  /** Maximum concurrent connections; further requests queue. */
  readonly sockets: number;
  /** Stall limit in milliseconds. */
  readonly stallMs: number;
  /** Extra milliseconds allowed per MiB of a request's body; 4,000 by default. */
  readonly perMiBMs?: number;
  /** Where the proxy is looked up; the process's own environment unless a test replaces it. */
  readonly environment?: NodeJS.ProcessEnv;
}

const SLICE = 256 * 1024;
const MIB = 1024 * 1024;
const REPLY_LIMIT = 64 * 1024 * 1024;
const UNREACHABLE = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ECONNREFUSED',
];

/** Opens the transport; nothing is loaded or connected before the first request. */
export function createTransport(options: TransportOptions): Transport {
  const { sockets, stallMs, perMiBMs = 4_000, environment = process.env } = options;
  let client: Promise<HttpClient> | null = null;

  async function connected(): Promise<HttpClient> {
    // Commands without network access do not wait for its client to load.
    const { openClient } = await import('./http-client.ts');
    return openClient({ sockets, stallMs, environment });
  }

  async function open(request: HttpRequest): Promise<Result<HttpAnswer, TransportFailure>> {
    const { url, method, body, signal } = request;
    if (signal.aborted) return err({ kind: 'cancelled', reason: 'aborted' });
    const size = body?.length ?? 0;
    try {
      client ??= connected();
      const reply = await (
        await client
      ).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { ...request.headers, ...(body === undefined ? {} : { 'content-length': String(size) }) },
        body: body === undefined ? null : size > SLICE ? Readable.from(slices(body)) : body,
        signal,
        // It also runs while the body is sent.
        headersTimeout: stallMs + Math.ceil((size / MIB) * perMiBMs),
      });
      return ok(answerOf(reply));
    } catch (error) {
      return err(failureOf(error, signal));
    }
  }

  return {
    open,
    send: async (request, limit = REPLY_LIMIT) => {
      const opened = await open(request);
      if (!opened.ok) return opened;
      const { status, headers } = opened.value;
      const body = await readWhole(opened.value, limit, request.signal);
      return body.ok ? ok({ status, headers, body: body.value }) : body;
    },
    close: () => {
      void client?.then((open) => open.destroy());
      client = null;
    },
  };
}

/** Splits a body, so that not all of it is encrypted at once. */
function* slices(body: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < body.length; from += SLICE) yield body.subarray(from, from + SLICE);
}

function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData): HttpAnswer {
  // An error while nobody reads is reported to the next reader.
  body.on('error', () => undefined);
  return { status: statusCode, headers, body, drop: () => void body.destroy() };
}

/** Reads a response body into memory. A body that ends early is a `reset`. */
export async function readWhole(
  answer: HttpAnswer,
  limit: number,
  signal: AbortSignal,
): Promise<Result<Buffer, TransportFailure>> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      size += chunk.length;
      // Leaving the loop drops the rest.
      if (size > limit) return err({ kind: 'oversized', reason: `more than ${limit} bytes` });
      parts.push(chunk);
    }
    return ok(Buffer.concat(parts, size));
  } catch (error) {
    return err(failureOf(error, signal));
  }
}

/** While connecting; afterwards there is {@link StallError}. */
const STALLED = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'];
const CERTIFICATE = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** Classifies a network error. */
export function failureOf(error: unknown, signal: AbortSignal): TransportFailure {
  if (signal.aborted) return { kind: 'cancelled', reason: 'aborted' };
  if (!(error instanceof ProxyError)) return { ...kindOf(error) };
  const { proxy, status, message } = error;
  if (proxy === null) return { kind: 'proxy', reason: message };
  return status === null
    ? { ...kindOf(error.cause), proxy }
    : { kind: 'proxy', reason: String(status), proxy };
}

function kindOf(error: unknown): Pick<TransportFailure, 'kind' | 'reason'> {
  if (!(error instanceof Error)) return { kind: 'reset', reason: 'ECONNRESET' };
  const { code = '', errors } = error as NodeJS.ErrnoException & { readonly errors?: readonly Error[] };
  if (error instanceof StallError || STALLED.includes(code))
    return { kind: 'stall', reason: code === 'ETIMEDOUT' ? code : 'no bytes' };
  if (UNREACHABLE.includes(code)) return { kind: 'unreachable', reason: code };
  // Several addresses were tried: the errors are inside.
  if (errors?.some((inner) => 'code' in inner && UNREACHABLE.includes(String(inner.code))))
    return { kind: 'unreachable', reason: code || 'AggregateError' };
  if (CERTIFICATE.test(code)) return { kind: 'certificate', reason: code };
  // undici's own code for a proxy's certificate; the system's is inside.
  if (code === 'UND_ERR_PRX_TLS' && error.cause !== undefined) return kindOf(error.cause);
  return { kind: 'reset', reason: code === '' || code.startsWith('UND_ERR') ? 'ECONNRESET' : code };
}
