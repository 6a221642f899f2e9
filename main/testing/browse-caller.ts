import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { BrowseServer } from '../browse/browse-server.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A browser, or what takes itself for one, before the browser view. */
export interface BrowseCaller {
  /** One request as it stands. */
  readonly ask: (request: Ask) => Promise<Reply>;
  /** What a browser sends of a new address: all before the hash. */
  readonly address: () => string;
  /** Uses a new address up and gives the cookie; throws when it is no good. */
  readonly signIn: () => Promise<string>;
  /** The headers of a page with this cookie. */
  readonly good: (cookie: string) => Record<string, string>;
  /** A call of a page. */
  readonly call: (
    headers: Record<string, string>,
    channel?: string,
    body?: string | Uint8Array,
  ) => Promise<Reply>;
}

/** @param server read at each request, so that a test may begin anew */
export function createBrowseCaller(server: () => BrowseServer): BrowseCaller {
  /** The key of each cookie. */
  const keys = new Map<string, string>();
  function ask({ method = 'GET', path, headers = {}, body }: Ask): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port: server().port, method, path, headers, agent: false },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(parts).toString(),
            }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  function invitation(): { readonly path: string; readonly key: string } {
    const url = new URL(server().newAddress());
    return { path: `${url.pathname}${url.search}`, key: url.hash.slice('#key='.length) };
  }
  async function signIn(): Promise<string> {
    const { path, key } = invitation();
    const reply = await ask({ path });
    const cookie = (reply.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
    if (reply.status !== 303) throw new Error(`signed in with ${reply.status}`);
    keys.set(cookie, key);
    return cookie;
  }
  return {
    ask,
    address: () => invitation().path,
    signIn,
    good: (cookie) => ({
      cookie,
      'x-session-log': keys.get(cookie) ?? 'none',
      'content-type': 'application/json',
      origin: `http://127.0.0.1:${server().port}`,
      'sec-fetch-site': 'same-origin',
    }),
    call: (headers, channel = 'status.get', body = '{}') =>
      ask({ method: 'POST', path: `/api/${channel}`, headers, body }),
  };
}
