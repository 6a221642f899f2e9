import { request, type Agent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';

/** What the environment says about the way to an address. */
export type ProxyWay =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: URL }
  /** A proxy is named that cannot be used; to go past it would break the network's rules. */
  | { readonly kind: 'unusable'; readonly why: string };

/** A failure on the way through a proxy. */
export class ProxyError extends Error {
  /** Host and port. */
  readonly proxy: string;
  /** What it answered; null when it could not be reached. */
  readonly status: number | null;
  readonly code: string;
  constructor(proxy: string, status: number | null, code: string) {
    super(`proxy ${proxy}: ${status ?? code}`);
    this.proxy = proxy;
    this.status = status;
    this.code = code;
  }
}

/**
 * The proxy that the environment names for an address. Node 20 has no such lookup of its own, and the Cloud Storage client
 * gives up keep-alive when it uses one.
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): ProxyWay {
  const named = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const variable = named('HTTPS_PROXY') === '' ? 'ALL_PROXY' : 'HTTPS_PROXY';
  const text = url.protocol === 'https:' ? named(variable) : '';
  if (text === '' || isExempt(url, named('NO_PROXY'))) return { kind: 'direct' };
  const whole = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(whole)) return { kind: 'unusable', why: `${variable} is no address` };
  const proxy = new URL(whole);
  return proxy.protocol === 'http:'
    ? { kind: 'proxy', proxy }
    : { kind: 'unusable', why: `${variable} names a proxy of the kind ${proxy.protocol}//` };
}

function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [name = '', port] = entry.split(':');
      if (port !== undefined && port !== (url.port || '443')) return false;
      const bare = name.replace(/^\*?\./, '');
      return host === bare || host.endsWith(`.${bare}`);
    });
}

/** Makes the agent reach its hosts through a CONNECT tunnel, which it keeps open like any other connection. */
export function tunnelThrough(proxy: URL, agent: HttpsAgent, timeoutMs: number): Agent {
  const credentials = proxy.username === '' ? null : `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  const authorization =
    credentials === null
      ? {}
      : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
  const name = `${proxy.hostname}:${proxy.port === '' ? 80 : proxy.port}`;
  type Done = (error: Error | null, socket?: Socket) => void;
  const createConnection = (
    options: { readonly host?: string; readonly port?: number },
    done: Done,
  ): void => {
    const target = `${options.host}:${options.port ?? 443}`;
    const ask = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? 80 : Number(proxy.port),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization },
      timeout: timeoutMs,
      agent: false,
    });
    ask.on('connect', (reply, socket) => {
      socket.ref();
      if (reply.statusCode === 200) {
        const secure = connect({ ...options, socket, servername: options.host ?? '' });
        done(null, secure);
        return;
      }
      socket.destroy();
      done(new ProxyError(name, reply.statusCode ?? 0, 'PROXY'));
    });
    // Whoever gave up the request must not be kept from ending by a proxy that says nothing.
    ask.on('socket', (socket) => socket.unref());
    ask.on('timeout', () => ask.destroy(new ProxyError(name, null, 'STALL')));
    ask.on('error', (error: NodeJS.ErrnoException) =>
      done(error instanceof ProxyError ? error : new ProxyError(name, null, error.code ?? 'ECONNRESET')),
    );
    ask.end();
  };
  return Object.assign(agent, { createConnection });
}

/** User names and passwords are often written as they are: what is no escape stands for itself. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
