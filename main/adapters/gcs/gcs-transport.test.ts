import { createServer } from 'node:http';
import {
  connect,
  createServer as createPlainServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { byteSourceOf, patternSource } from '../../testing/byte-source-of.ts';
import { startFaultProxy } from '../../testing/fault-proxy.ts';
import { startJsonApiServer } from '../../testing/json-api-server.ts';
import { failureOf, okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createGcsObjectStore } from './gcs-object-store.ts';
import { createTransport, type HttpRequest } from './gcs-transport.ts';
import { readProxy } from './http-proxy.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };
const PUT = { ifGenerationMatch: '0', contentType: 'text/plain' };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}

function get(url: string): HttpRequest {
  return { method: 'GET', url: new URL(url), headers: {}, signal: new AbortController().signal };
}

describe('transport', () => {
  it('opens no more connections than it may, and keeps them open', async () => {
    let [open, most, all] = [0, 0, 0];
    const server = createServer((_request, response) => response.end('ok'));
    server.on('connection', (socket) => {
      all++;
      most = Math.max(most, ++open);
      socket.on('close', () => open--);
    });
    const port = await listen(server);
    const transport = createTransport({ sockets: 4, stallMs: 5000 });
    cleanups.push(
      () => server.close(),
      () => transport.close(),
    );
    await Promise.all(
      Array.from({ length: 200 }, async () =>
        okOf((await transport.send(get(`http://127.0.0.1:${port}/`))) as never),
      ),
    );
    expect(most).toBe(4);
    expect(all).toBe(4);
  });

  it('says what went wrong', async () => {
    const transport = createTransport({ sockets: 2, stallMs: 150 });
    cleanups.push(() => transport.close());
    const mute = createPlainServer(() => {});
    const rude = createPlainServer((socket) => socket.destroy());
    const ports = [await listen(mute), await listen(rude)];
    cleanups.push(
      () => mute.close(),
      () => rude.close(),
    );
    expect(await transport.send(get(`http://127.0.0.1:${ports[0]}/`))).toMatchObject({
      error: { kind: 'stall' },
    });
    expect(await transport.send(get(`http://127.0.0.1:${ports[1]}/`))).toMatchObject({
      error: { kind: 'reset' },
    });
    const closed = createPlainServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await transport.send(get(`http://127.0.0.1:${port}/`))).toMatchObject({
      error: { kind: 'unreachable', reason: 'ECONNREFUSED' },
    });
    expect(await transport.send(get('http://no-such-host.invalid/'))).toMatchObject({
      error: { kind: 'unreachable' },
    });
  });

  it('refuses answers that are larger than they can rightly be', async () => {
    const server = createServer((_request, response) => response.end(Buffer.alloc(100_000)));
    const port = await listen(server);
    const transport = createTransport({ sockets: 1, stallMs: 5000 });
    cleanups.push(
      () => server.close(),
      () => transport.close(),
    );
    expect(await transport.send(get(`http://127.0.0.1:${port}/`), 99_999)).toMatchObject({
      error: { kind: 'oversized' },
    });
  });

  it('goes through the proxy that the environment names, and speaks TLS with the host behind it', async () => {
    const hello: Buffer[] = [];
    const host = createPlainServer((socket) => {
      socket.once('data', (bytes) => {
        hello.push(bytes);
        socket.destroy();
      });
    });
    const port = await listen(host);
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
      const onward = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      for (const end of [socket, onward]) end.on('error', () => {});
    });
    const proxyPort = await listen(proxy);
    const environment = { HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${proxyPort}` };
    const transport = createTransport({ sockets: 1, stallMs: 2000, environment });
    cleanups.push(
      () => proxy.close(),
      () => host.close(),
      () => transport.close(),
    );
    const answer = await transport.send(get('https://storage.example/'));
    expect(answer.ok).toBe(false);
    expect(asked).toEqual([`storage.example:443 Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
    // A TLS ClientHello that names the host, not the proxy.
    expect(hello[0]?.[0]).toBe(0x16);
    expect(hello[0]?.includes('storage.example')).toBe(true);
  });

  it('says when the proxy refuses', async () => {
    const proxy = createServer();
    proxy.on('connect', (_request, socket: Socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` };
    const transport = createTransport({ sockets: 1, stallMs: 2000, environment });
    cleanups.push(
      () => proxy.close(),
      () => transport.close(),
    );
    expect(await transport.send(get('https://storage.example/'))).toMatchObject({
      error: { kind: 'proxy', reason: '407', proxy: environment.HTTPS_PROXY.slice('http://'.length) },
    });
  });

  it.each([
    ['named by HTTPS_PROXY', { HTTPS_PROXY: 'http://PROXY' }, true],
    ['named in lower case and without a scheme', { https_proxy: 'PROXY' }, true],
    ['named by ALL_PROXY', { ALL_PROXY: 'http://PROXY' }, true],
    ['not named', {}, false],
    ['named for other addresses only', { HTTP_PROXY: 'http://PROXY' }, false],
    ['exempted by a domain', { NO_PROXY: '.example.invalid' }, false],
    ['exempted in a list', { NO_PROXY: 'localhost, example.invalid' }, false],
    ['exempted by the whole name', { no_proxy: 'storage.example.invalid' }, false],
    ['exempted for another port', { NO_PROXY: 'example.invalid:8443' }, true],
    ['exempted for everything', { NO_PROXY: '*' }, false],
    ['exempted for a name that only ends alike', { NO_PROXY: 'ample.invalid' }, true],
  ])('goes through a proxy that is %s: %j %s', async (_, variables: Record<string, string>, isUsed) => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const name = `127.0.0.1:${await listen(proxy)}`;
    const exempts = 'NO_PROXY' in variables || 'no_proxy' in variables;
    const environment = Object.fromEntries(
      Object.entries({ ...(exempts ? { HTTPS_PROXY: 'http://PROXY' } : {}), ...variables }).map(
        ([key, value]) => [key, value.replace('PROXY', name)],
      ),
    );
    const transport = createTransport({ sockets: 1, stallMs: 5000, environment });
    cleanups.push(
      () => proxy.close(),
      () => transport.close(),
    );
    // Nobody has this name, so whoever goes past the proxy finds nothing.
    expect(await transport.send(get('https://storage.example.invalid/'))).toMatchObject({
      error: isUsed ? { kind: 'proxy', reason: '403', proxy: name } : { kind: 'unreachable' },
    });
    expect(asked).toEqual(isUsed ? ['storage.example.invalid:443'] : []);
  });

  it('never sends what goes to this machine through a proxy', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    const port = await listen(server);
    const environment = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
    const transport = createTransport({ sockets: 1, stallMs: 5000, environment });
    cleanups.push(
      () => server.close(),
      () => transport.close(),
    );
    expect(okOf((await transport.send(get(`http://127.0.0.1:${port}/`))) as never)).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['socks5://proxy:1', 'HTTPS_PROXY names a proxy of the kind socks5://'],
    ['http://a b:1', 'HTTPS_PROXY is no address'],
  ])('goes nowhere when the proxy is %s, except where no proxy is asked for', async (proxy, reason) => {
    const send = async (more: Record<string, string>) => {
      const transport = createTransport({
        sockets: 1,
        stallMs: 5000,
        environment: { HTTPS_PROXY: proxy, ...more },
      });
      cleanups.push(() => transport.close());
      return await transport.send(get('https://storage.example.invalid/'));
    };
    expect(await send({})).toEqual({ ok: false, error: { kind: 'proxy', reason } });
    expect(await send({ NO_PROXY: 'example.invalid' })).toMatchObject({ error: { kind: 'unreachable' } });
  });

  it.each([
    ['http://u:100%@proxy:1', 'proxy:1', 'u:100%'],
    ['http://us%40er:p%C3%A4ss@proxy', 'proxy:80', 'us@er:päss'],
    ['https://user@proxy', 'proxy:443', 'user:'],
    ['proxy:3128', 'proxy:3128', null],
  ])('reads the proxy %s', (text, name, user) => {
    const way = readProxy({ HTTPS_PROXY: text });
    const basic = user === null ? null : `Basic ${Buffer.from(user).toString('base64')}`;
    expect(way).toMatchObject({ kind: 'proxy', name, authorization: basic });
    expect(way).toMatchObject({ address: expect.stringMatching(/^https?:\/\/proxy:\d+$/) });
  });

  it('names the proxy that is not there, says nothing or breaks off', async () => {
    const mute = createPlainServer(() => {});
    const rude = createPlainServer((socket) => socket.destroy());
    const gone = createPlainServer();
    const [mutePort, rudePort, gonePort] = [await listen(mute), await listen(rude), await listen(gone)];
    await new Promise((resolve) => gone.close(resolve));
    cleanups.push(
      () => mute.close(),
      () => rude.close(),
    );
    for (const [port, kind] of [
      [mutePort, 'stall'],
      [rudePort, 'reset'],
      [gonePort, 'unreachable'],
    ] as const) {
      const proxy = `127.0.0.1:${port}`;
      const transport = createTransport({
        sockets: 1,
        stallMs: 300,
        environment: { HTTPS_PROXY: `http://${proxy}` },
      });
      cleanups.push(() => transport.close());
      expect(await transport.send(get('https://storage.example/'))).toMatchObject({ error: { kind, proxy } });
    }
  });

  it('ends a request whose signal aborts, waiting, sent or half read', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half');
    });
    const port = await listen(server);
    const transport = createTransport({ sockets: 1, stallMs: 5000 });
    cleanups.push(
      () => server.closeAllConnections(),
      () => server.close(),
      () => transport.close(),
    );
    const stop = new AbortController();
    const request = { ...get(`http://127.0.0.1:${port}/`), signal: stop.signal };
    const answers = [transport.send(request), transport.send(request)];
    await new Promise((resolve) => server.once('request', resolve));
    stop.abort();
    for (const answer of await Promise.all([...answers, transport.send(request)]))
      expect(answer).toMatchObject({ error: { kind: 'cancelled' } });
  });
});

describe('the adapter on an odd service', () => {
  async function world() {
    const server = await startJsonApiServer();
    const proxy = await startFaultProxy(server.endpoint);
    await fetch(`${server.endpoint}/storage/v1/b`, { method: 'POST', body: '{"name":"b"}' });
    const limits = { callMs: 3000, stallMs: 1000, backoffMs: 2, resumableFrom: 300_000, chunk: 256 * 1024 };
    const store = createGcsObjectStore({
      bucket: 'b',
      prefix: '',
      credentials: {},
      apiEndpoint: proxy.endpoint,
      limits,
      ...machine,
    });
    cleanups.push(
      () => server.stop(),
      () => proxy.stop(),
      () => store.close(),
    );
    return { server, proxy, store };
  }

  it('goes on after an empty page of a list', async () => {
    const { proxy, store } = await world();
    okOf(await store.put('a', byteSourceOf('x'), PUT));
    proxy.plan = ({ kind, number }) => (kind === 'list' && number === 2 ? { kind: 'empty-page' } : null);
    const first = okOf(await store.list(''));
    expect(first).toMatchObject({ objects: [] });
    expect(first.nextPageToken).toBeDefined();
    expect(okOf(await store.list('', { pageToken: first.nextPageToken! })).objects).toHaveLength(1);
  });

  it('sends an upload session nowhere but to the service itself', async () => {
    const { proxy, store } = await world();
    const lured: string[] = [];
    const trap = createServer((request, response) => {
      lured.push(request.url ?? '');
      response.end();
    });
    const port = await listen(trap);
    cleanups.push(() => trap.close());
    const headers = { location: `http://127.0.0.1:${port}/steal?upload_id=1` };
    proxy.plan = ({ kind }) => (kind === 'session' ? { kind: 'status', status: 200, headers } : null);
    failureOf(await store.put('a', patternSource(400_000), PUT), 'offline');
    expect(lured).toEqual([]);
  });

  it('resumes a large upload and download where they broke, without sending all again', async () => {
    const { proxy, store, server } = await world();
    const size = 3 * 1024 * 1024;
    let chunks = 0;
    proxy.plan = ({ kind }) => (kind === 'chunk' && ++chunks === 5 ? { kind: 'reset-after' } : null);
    okOf(await store.put('a', patternSource(size), PUT));
    // Twelve chunks, one question how far it got, nothing twice.
    expect(proxy.requests.filter(({ kind }) => kind === 'chunk')).toHaveLength(13);
    expect(server.buckets.get('b')!.history).toHaveLength(1);
    let media = 0;
    proxy.plan = ({ kind }) => (kind === 'media' && ++media <= 3 ? { kind: 'cut-reply', at: 0.4 } : null);
    const stream = okOf(await store.getStream('a'))!;
    let received = 0;
    for await (const chunk of stream.chunks) received += chunk.length;
    okOf(await stream.done);
    expect([received, media]).toEqual([size, 4]);
  });

  it('asks for a bucket that is not there only once, and says so', async () => {
    const { proxy } = await world();
    const store = createGcsObjectStore({
      bucket: 'wrong',
      prefix: '',
      credentials: {},
      apiEndpoint: proxy.endpoint,
      ...machine,
    });
    cleanups.push(() => store.close());
    for (const call of [
      store.head('a'),
      store.get('a'),
      store.getStream('a'),
      store.list(''),
      store.probe(),
      store.put('a', byteSourceOf('x'), PUT),
    ])
      expect(failureOf(await call, 'not-configured').message).toContain('gs://wrong');
  });

  it('lets go of every connection when it is closed, and can be used again', async () => {
    const { store, proxy } = await world();
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.head(`n${i}`)));
    expect(proxy.connections).toBeGreaterThan(1);
    await store.close();
    await vi.waitFor(() => expect(proxy.connections).toBe(0), { timeout: 30_000 });
    expect(okOf(await store.head('a'))).toBeNull();
  });
});
