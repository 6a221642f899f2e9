import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import request from 'undici/lib/api/api-request.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { named, ProxyError, readProxy, type ProxyWay } from './http-proxy.ts';
import { stallWatch } from './stall-watch.ts';

/** How the client connects. */
export interface ClientOptions {
  /** Maximum concurrent connections to one host; further requests queue. */
  readonly sockets: number;
  /** Stall limit in milliseconds. */
  readonly stallMs: number;
  /** Where the proxy is looked up. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The parts of undici used by the transport. */
export interface HttpClient {
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  /** Ends every connection and request. */
  destroy(): void;
}

/** undici's timers, used here only for connecting, may fire up to a half-second tick early. */
const TICK_MS = 500;

/** Creates a client that uses the environment's proxy, with persistent pools. */
export function openClient({ sockets, stallMs, environment }: ClientOptions): HttpClient {
  const way = readProxy(environment);
  const connectMs = stallMs + TICK_MS;
  /** The connections to the proxy. Its failures are distinguished from those of the host behind it, which undici does not do. */
  const clientFactory = (origin: URL, options: object): Dispatcher => {
    const pool = new Pool(origin.origin, options);
    const through = async (asked: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
      if (way.kind !== 'proxy') throw new ProxyError(null, null, way.kind === 'unusable' ? way.why : '');
      const answer = await connect
        .call(pool, { ...asked, headersTimeout: connectMs } as never)
        .catch((error) => {
          throw new ProxyError(way.name, null, error);
        });
      if (answer.statusCode === 200) return answer;
      answer.socket.on('error', () => undefined).destroy();
      throw new ProxyError(way.name, answer.statusCode, null);
    };
    return Object.assign(pool, { connect: through }) as Dispatcher;
  };
  const agent = new EnvHttpProxyAgent({
    connections: sockets,
    connect: { timeout: connectMs },
    requestTls: { timeout: connectMs },
    proxyTls: { timeout: connectMs },
    keepAliveTimeout: stallMs,
    // Only https addresses go through a proxy: the others are test servers and this very machine.
    httpProxy: '',
    ...proxyOptions(way),
    noProxy: named(environment, 'NO_PROXY'),
    clientFactory,
  });
  const watched = agent.compose(stallWatch(stallMs));
  return {
    request: (options) => request.call(watched, options),
    destroy: () => void agent.destroy(),
  };
}

function proxyOptions(way: ProxyWay): { readonly httpsProxy: string; readonly token?: string } {
  if (way.kind === 'direct') return { httpsProxy: '' };
  // Never connected to: it stands for the unusable proxy, so that only exempt hosts are reached.
  if (way.kind === 'unusable') return { httpsProxy: 'http://unusable.invalid' };
  return {
    httpsProxy: way.address,
    ...(way.authorization === null ? {} : { token: way.authorization }),
  };
}
