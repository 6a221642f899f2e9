import {
  Agent,
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What a request asks of the service. */
export type ProxiedKind =
  | 'list'
  | 'head'
  | 'media'
  | 'put'
  | 'session'
  | 'chunk'
  | 'copy'
  | 'permissions'
  | 'other';

export interface ProxiedRequest {
  readonly kind: ProxiedKind;
  readonly method: string;
  readonly path: string;
  /** Counts the requests of this proxy from 1. */
  readonly number: number;
}

/** What goes wrong with one request. `at` is a fraction of the body. */
export type ProxyFault =
  /** Answered by the proxy; the server never hears of it. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly reason?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Done by the server, but this is the answer. */
  | { readonly kind: 'status-after'; readonly status: number }
  | { readonly kind: 'reset-before' }
  | { readonly kind: 'reset-after' }
  | { readonly kind: 'stall-before' }
  | { readonly kind: 'stall-after' }
  | { readonly kind: 'stall-body'; readonly at: number }
  | { readonly kind: 'cut-reply'; readonly at: number }
  | { readonly kind: 'flip-reply'; readonly at: number }
  | { readonly kind: 'flip-request'; readonly at: number }
  /** The checksum that comes with the answer is another one. */
  | { readonly kind: 'wrong-checksum' }
  /** A login page in place of the answer, as hotels serve it. */
  | { readonly kind: 'captive-portal' }
  /** An empty page of a list that says there is more. Legal, and rare. */
  | { readonly kind: 'empty-page' };

export interface FaultProxy {
  readonly endpoint: string;
  /** Decides about each request; replaced at will. Null lets all pass. */
  plan: ((request: ProxiedRequest) => ProxyFault | null) | null;
  readonly requests: readonly ProxiedRequest[];
  /** Requests that were hit. */
  readonly hits: number;
  /** Writes that were refused because their name was written less than the window ago. */
  readonly limited: number;
  /** Connections that are open now. */
  readonly connections: number;
  stop(): Promise<void>;
}

export interface FaultProxyOptions {
  /** Refuse a second write of a name within so many milliseconds, as the service does with 1,000. */
  readonly writeWindowMs?: number;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Starts a loopback proxy in front of a server that speaks the service's interfaces. */
export async function startFaultProxy(target: string, options: FaultProxyOptions = {}): Promise<FaultProxy> {
  const upstream = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const lastWrite = new Map<string, number>();
  const requests: ProxiedRequest[] = [];
  let [hits, limited] = [0, 0];

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => parts.push(chunk));
    incoming.on('error', () => {});
    incoming.on('end', () => {
      const seen = {
        kind: kindOf(incoming),
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        number: requests.length + 1,
      };
      requests.push(seen);
      const fault = proxy.plan?.(seen) ?? null;
      if (fault !== null) hits++;
      void serve(seen, incoming, Buffer.concat(parts), response, fault);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });

  async function serve(
    seen: ProxiedRequest,
    incoming: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    fault: ProxyFault | null,
  ): Promise<void> {
    if (fault?.kind === 'reset-before') return void incoming.socket.destroy();
    if (fault?.kind === 'stall-before') return;
    if (fault?.kind === 'status')
      return give(response, errorReply(fault.status, fault.reason, fault.headers));
    if (fault?.kind === 'captive-portal') return give(response, portal());
    if (fault?.kind === 'empty-page')
      return give(
        response,
        json(200, { nextPageToken: new URL(seen.path, target).searchParams.get('pageToken') ?? emptyToken }),
      );
    if (isLimited(seen)) {
      limited++;
      return give(response, errorReply(429, 'rateLimitExceeded'));
    }
    const sent = fault?.kind === 'flip-request' ? flipped(body, fault.at) : body;
    const reply = await pass(incoming, sent);
    if (reply === null) return void incoming.socket.destroy();
    if (fault?.kind === 'reset-after') return void incoming.socket.destroy();
    if (fault?.kind === 'stall-after') return;
    if (fault?.kind === 'status-after') return give(response, errorReply(fault.status));
    if (fault?.kind === 'flip-reply')
      return give(response, { ...reply, body: flipped(reply.body, fault.at) });
    if (fault?.kind === 'wrong-checksum') return give(response, wrongChecksum(reply));
    if (fault?.kind === 'cut-reply' || fault?.kind === 'stall-body') {
      response.writeHead(reply.status, { ...reply.headers, 'content-length': String(reply.body.length) });
      const part = reply.body.subarray(0, Math.floor(reply.body.length * fault.at));
      // Headers and part must be out before the connection breaks, or this would be another fault.
      response.write(part.length > 0 ? part : Buffer.alloc(0), () => {
        if (fault.kind === 'cut-reply') incoming.socket.destroySoon();
      });
      if (part.length === 0) response.flushHeaders();
      return;
    }
    give(response, reply);
  }

  function isLimited(seen: ProxiedRequest): boolean {
    if (options.writeWindowMs === undefined || !['put', 'session', 'copy'].includes(seen.kind)) return false;
    const name = new URL(seen.path, target).searchParams.get('name') ?? seen.path;
    const now = performance.now();
    const last = lastWrite.get(name);
    if (last !== undefined && now - last < options.writeWindowMs) return true;
    lastWrite.set(name, now);
    return false;
  }

  function pass(incoming: IncomingMessage, body: Buffer): Promise<Reply | null> {
    return new Promise((resolve) => {
      const { connection: _, ...headers } = incoming.headers;
      const outgoing = forward({
        host: upstream.hostname,
        port: upstream.port,
        method: incoming.method,
        path: incoming.url,
        agent,
        headers: {
          ...headers,
          host: upstream.host,
          ...(body.length > 0 ? { 'content-length': String(body.length) } : {}),
        },
      });
      outgoing.on('error', () => resolve(null));
      outgoing.on('response', (message) => {
        const parts: Buffer[] = [];
        message.on('data', (chunk: Buffer) => parts.push(chunk));
        message.on('error', () => resolve(null));
        message.on('end', () =>
          resolve({
            status: message.statusCode ?? 0,
            headers: ownLocation(message.headers),
            body: Buffer.concat(parts),
          }),
        );
      });
      outgoing.end(body);
    });
  }

  /** Upload sessions must come through the proxy too. */
  function ownLocation(headers: IncomingHttpHeaders): IncomingHttpHeaders {
    if (headers.location === undefined) return headers;
    const location = new URL(headers.location);
    return { ...headers, location: `${proxy.endpoint}${location.pathname}${location.search}` };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy & { plan: FaultProxy['plan'] } = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: null,
    requests,
    get hits() {
      return hits;
    },
    get limited() {
      return limited;
    },
    get connections() {
      return sockets.size;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** What the in-repo server takes for "from the first name on". */
const emptyToken = Buffer.from('!').toString('base64url');

function kindOf(incoming: IncomingMessage): ProxiedKind {
  const path = incoming.url ?? '';
  if (path.startsWith('/upload/')) {
    if (incoming.method === 'PUT') return 'chunk';
    if (incoming.method !== 'POST') return 'other';
    return path.includes('uploadType=resumable') ? 'session' : 'put';
  }
  if (!path.startsWith('/storage/')) return incoming.method === 'GET' ? 'media' : 'other';
  if (path.includes('/rewriteTo/')) return 'copy';
  // What the client library asks: about rights, and how the bucket is set up.
  if (path.includes('/iam/') || /^\/storage\/v1\/b\/[^/]+$/.test(path.replace(/\?.*/, '')))
    return 'permissions';
  if (/\/o\?/.test(path)) return 'list';
  return /\/o\//.test(path) ? 'head' : 'other';
}

function give(response: ServerResponse, reply: Reply): void {
  const { 'transfer-encoding': _, ...headers } = reply.headers;
  response.writeHead(reply.status, { ...headers, 'content-length': String(reply.body.length) });
  response.end(reply.body);
}

function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

function errorReply(
  status: number,
  reason = 'backendError',
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const words: Readonly<Record<number, string>> = {
    401: 'Invalid Credentials',
    403: 'caller does not have storage.objects.get access to the Google Cloud Storage object.',
    404: 'The specified bucket does not exist.',
  };
  const message = words[status] ?? `planted ${status}`;
  const reply = json(status, { error: { code: status, message, errors: [{ reason, message }] } });
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function portal(): Reply {
  const body = Buffer.from('<html><body>Welcome to the hotel. Please sign in.</body></html>');
  return { status: 200, headers: { 'content-type': 'text/html' }, body };
}

/** One bit in the body is the other way round. */
function flipped(body: Buffer, at: number): Buffer {
  const copy = Buffer.from(body);
  const place = Math.min(copy.length - 1, Math.floor(copy.length * at));
  if (copy.length > 0) copy[place] = (copy[place] ?? 0) ^ (1 << (place % 8));
  return copy;
}

function wrongChecksum(reply: Reply): Reply {
  const hash = reply.headers['x-goog-hash'];
  const headers = hash === undefined ? reply.headers : { ...reply.headers, 'x-goog-hash': 'crc32c=AAAAAA==' };
  const text = reply.body.toString('utf8').replace(/"crc32c":\s*"[^"]*"/, '"crc32c":"AAAAAA=="');
  return hash === undefined ? { ...reply, body: Buffer.from(text) } : { ...reply, headers };
}
