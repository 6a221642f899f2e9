import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { err, ok, type Result } from '../../../shared/result.ts';
import { ProxyError, proxyFor, tunnelThrough, type ProxyWay } from './http-proxy.ts';

/** Why no answer, or no whole answer, came. */
export interface TransportFailure {
  readonly kind:
    /** No network, no such host, nobody listens. */
    | 'unreachable'
    /** The connection broke: what was asked may or may not have been done. */
    | 'reset'
    /** Nothing moved for the time allowed. */
    | 'stall'
    /** The other side could not prove who it is. */
    | 'certificate'
    /** The proxy on the way refused, or the one that is named cannot be used. */
    | 'proxy'
    | 'cancelled'
    /** The answer is larger than it can rightly be. */
    | 'oversized';
  /** The system's own word (`ENOTFOUND`), for people who look closer; of a proxy that refused its answer's number. */
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
  /** Told how many bytes of the body were handed to the system. */
  readonly onSent?: (bytes: number) => void;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** HTTP over connections that are kept open, are bounded in number, and never wait for ever. */
export interface Transport {
  /** Sends and gives the answer's head; the caller reads the message to its end or destroys it. */
  open(request: HttpRequest): Promise<Result<IncomingMessage, TransportFailure>>;
  /** Sends and reads the whole answer, which must fit in `limit` bytes. */
  send(request: HttpRequest, limit?: number): Promise<Result<HttpReply, TransportFailure>>;
  /** Closes idle connections; new ones are made when needed. */
  close(): void;
}

export interface TransportOptions {
  /** Connections at a time; more requests wait for one. */
  readonly sockets: number;
  /** Milliseconds in which something must move. */
  readonly stallMs: number;
  /** Where the proxy is looked up; the process's own unless a test takes its place. */
  readonly environment?: NodeJS.ProcessEnv;
}

const SLICE = 256 * 1024;
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

/** Opens the transport; nothing is connected before the first request. */
export function createTransport(options: TransportOptions): Transport {
  const { sockets, stallMs } = options;
  const agentOptions = { keepAlive: true, maxSockets: sockets, maxFreeSockets: sockets, timeout: stallMs };
  let agents = new Map<string, HttpAgent>();

  function agentFor(url: URL, way: ProxyWay): HttpAgent {
    const known = agents.get(url.origin);
    if (known) return known;
    const made =
      url.protocol === 'http:'
        ? new HttpAgent(agentOptions)
        : way.kind === 'proxy'
          ? tunnelThrough(way.proxy, new HttpsAgent(agentOptions), stallMs)
          : new HttpsAgent(agentOptions);
    agents.set(url.origin, made);
    return made;
  }

  function open(request: HttpRequest): Promise<Result<IncomingMessage, TransportFailure>> {
    const { url, method, body, signal } = request;
    if (signal.aborted) return Promise.resolve(err({ kind: 'cancelled', reason: 'aborted' }));
    const way = proxyFor(url, options.environment ?? process.env);
    if (way.kind === 'unusable') return Promise.resolve(err({ kind: 'proxy', reason: way.why }));
    return new Promise((resolve) => {
      const length = body === undefined ? {} : { 'content-length': String(body.length) };
      const make = url.protocol === 'http:' ? httpRequest : httpsRequest;
      const outgoing = make(url, {
        method,
        headers: { ...request.headers, ...length },
        agent: agentFor(url, way),
        signal,
      });
      // The agent's own timeout only watches; somebody must end the request.
      outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('stalled'), { code: 'STALL' })));
      outgoing.setTimeout(stallMs);
      outgoing.on('response', (message) => {
        message.setTimeout(stallMs, () =>
          message.destroy(Object.assign(new Error('stalled'), { code: 'STALL' })),
        );
        resolve(ok(message));
      });
      outgoing.on('error', (error) => resolve(err(failureOf(error, signal))));
      outgoing.on('close', () => resolve(err({ kind: 'reset', reason: 'closed' })));
      if (body === undefined || body.length <= SLICE) {
        outgoing.end(body, () => request.onSent?.(body?.length ?? 0));
        return;
      }
      const write = (from: number): void => {
        if (outgoing.destroyed || outgoing.writableEnded) return;
        const part = body.subarray(from, from + SLICE);
        outgoing.write(part, (error) => {
          if (error) return;
          const sent = from + part.length;
          request.onSent?.(sent);
          if (sent < body.length) write(sent);
          else outgoing.end();
        });
      };
      write(0);
    });
  }

  async function send(
    request: HttpRequest,
    limit = REPLY_LIMIT,
  ): Promise<Result<HttpReply, TransportFailure>> {
    const opened = await open(request);
    if (!opened.ok) return opened;
    const message = opened.value;
    const body = await readWhole(message, limit, request.signal);
    return body.ok
      ? ok({ status: message.statusCode ?? 0, headers: message.headers, body: body.value })
      : body;
  }

  return {
    open,
    send,
    close: () => {
      for (const agent of agents.values()) agent.destroy();
      agents = new Map();
    },
  };
}

/** The body of an answer in memory. A body that ends early is a `reset`. */
export function readWhole(
  message: IncomingMessage,
  limit: number,
  signal: AbortSignal,
): Promise<Result<Buffer, TransportFailure>> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      parts.push(chunk);
      size += chunk.length;
      if (size <= limit) return;
      message.destroy();
      resolve(err({ kind: 'oversized', reason: `more than ${limit} bytes` }));
    });
    message.on('end', () =>
      resolve(message.complete ? ok(Buffer.concat(parts, size)) : err({ kind: 'reset', reason: 'cut' })),
    );
    message.on('error', (error) => resolve(err(failureOf(error, signal))));
    message.on('close', () => resolve(err({ kind: 'reset', reason: 'closed' })));
  });
}

/** What an error of the network means. */
export function failureOf(error: Error, signal: AbortSignal): TransportFailure {
  if (signal.aborted) return { kind: 'cancelled', reason: 'aborted' };
  if (error instanceof ProxyError) return failureOfProxy(error);
  const own = error as Error & { readonly code?: unknown; readonly errors?: readonly Error[] };
  const code = typeof own.code === 'string' ? own.code : '';
  if (code === 'STALL' || code === 'ETIMEDOUT')
    return { kind: 'stall', reason: code === 'STALL' ? 'no bytes' : code };
  if (UNREACHABLE.includes(code)) return { kind: 'unreachable', reason: code };
  // Several addresses were tried: the errors are inside.
  if (own.errors?.some((inner) => 'code' in inner && UNREACHABLE.includes(String(inner.code))))
    return { kind: 'unreachable', reason: code || 'AggregateError' };
  if (/^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_|ERR_SSL_|EPROTO)/.test(code))
    return { kind: 'certificate', reason: code };
  return { kind: 'reset', reason: code || 'ECONNRESET' };
}

function failureOfProxy({ proxy, status, code }: ProxyError): TransportFailure {
  if (status !== null) return { kind: 'proxy', reason: String(status), proxy };
  const kind =
    code === 'STALL' || code === 'ETIMEDOUT' ? 'stall' : UNREACHABLE.includes(code) ? 'unreachable' : 'reset';
  return { kind, reason: code, proxy };
}
