import { request, type Agent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';

/**
 * The proxy that the environment names for an address, or null. Node 20 has no such lookup of its own, and the Cloud Storage client
 * gives up keep-alive when it uses one.
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): URL | null {
  const named = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const text = url.protocol === 'https:' ? named('HTTPS_PROXY') || named('ALL_PROXY') : '';
  if (text === '' || isExempt(url, named('NO_PROXY'))) return null;
  try {
    const proxy = new URL(text.includes('://') ? text : `http://${text}`);
    return proxy.protocol === 'http:' ? proxy : null;
  } catch {
    return null;
  }
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
  const credentials =
    proxy.username === ''
      ? null
      : `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization =
    credentials === null
      ? {}
      : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
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
      if (reply.statusCode === 200) {
        const secure = connect({ ...options, socket, servername: options.host ?? '' });
        done(null, secure);
        return;
      }
      socket.destroy();
      const code = 'ECONNREFUSED';
      done(Object.assign(new Error(`the proxy answered ${reply.statusCode} to CONNECT`), { code }));
    });
    ask.on('timeout', () =>
      ask.destroy(Object.assign(new Error('the proxy did not answer'), { code: 'STALL' })),
    );
    ask.on('error', (error) => done(error));
    ask.end();
  };
  return Object.assign(agent, { createConnection });
}
