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
import { proxyFor } from './http-proxy.ts';

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
    ['https://storage.googleapis.com/', { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    ['https://storage.googleapis.com/', { https_proxy: 'proxy:3128' }, 'http://proxy:3128/'],
    ['https://storage.googleapis.com/', { ALL_PROXY: 'http://proxy:1' }, 'http://proxy:1/'],
    ['https://storage.googleapis.com/', { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: '.googleapis.com' }, null],
    [
      'https://storage.googleapis.com/',
      { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'localhost, googleapis.com' },
      null,
    ],
    [
      'https://storage.googleapis.com/',
      { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'googleapis.com:8443' },
      'http://proxy:1/',
    ],
    ['https://storage.googleapis.com/', { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: '*' }, null],
    [
      'https://evilgoogleapis.com/',
      { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'googleapis.com' },
      'http://proxy:1/',
    ],
    ['https://storage.googleapis.com/', { HTTPS_PROXY: 'socks5://proxy:1' }, 'unusable'],
    ['https://storage.googleapis.com/', { HTTPS_PROXY: 'http://a b:1' }, 'unusable'],
    ['https://storage.googleapis.com/', { HTTPS_PROXY: 'http://u:100%@proxy:1' }, 'http://u:100%@proxy:1/'],
    ['http://127.0.0.1:4443/', { HTTPS_PROXY: 'http://proxy:1' }, null],
    ['https://storage.googleapis.com/', {}, null],
  ])('looks up the proxy of %s in %j', (url, environment, expected) => {
    const way = proxyFor(new URL(url), environment);
    const found = way.kind === 'proxy' ? way.proxy.href : way.kind === 'unusable' ? way.kind : null;
    expect(found).toBe(expected);
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
