import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createForge } from './ask-forge.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serving(listener: RequestListener): Promise<string> {
  const one = createServer(listener);
  server = one;
  await new Promise<void>((resolve) => {
    one.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

const ADVERTISEMENT = { 'content-type': 'application/x-git-upload-pack-advertisement' };

describe('whether anyone can read a repository', () => {
  it('is asked without credentials, by the protocol of git', async () => {
    const asked: object[] = [];
    const at = await serving(({ url, headers }, response) => {
      asked.push({ url, credentials: [headers.authorization, headers.cookie] });
      response.writeHead(200, ADVERTISEMENT).end('001e# service=git-upload-pack\n');
    });
    expect(await createForge().isPublic(`${at}/acme/app.git/`)).toBe('yes');
    expect(asked).toEqual([
      { url: '/acme/app.git/info/refs?service=git-upload-pack', credentials: [undefined, undefined] },
    ]);
  });

  it.each([
    [401, {}, 'no'],
    [403, {}, 'no'],
    [404, {}, 'no'],
    [200, { 'content-type': 'text/html' }, 'no'],
    [503, {}, 'unknown'],
  ] as const)('is with %i %o: %s', async (status, headers, answer) => {
    const at = await serving((_, response) => void response.writeHead(status, headers).end('x'));
    expect(await createForge().isPublic(`${at}/app`)).toBe(answer);
  });

  it('follows a repository that has moved', async () => {
    const at = await serving(({ url }, response) => {
      if (url?.startsWith('/new') === true) response.writeHead(200, ADVERTISEMENT).end();
      else response.writeHead(301, { location: '/new/info/refs?service=git-upload-pack' }).end();
    });
    expect(await createForge().isPublic(`${at}/old`)).toBe('yes');
  });

  it('is unknown when the server does not answer, or nobody waits any more', async () => {
    const at = await serving(() => undefined);
    expect(await createForge(50).isPublic(`${at}/app`)).toBe('unknown');
    expect(await createForge().isPublic(`${at}/app`, AbortSignal.abort())).toBe('unknown');
    expect(await createForge().isPublic('http://127.0.0.1:1/app')).toBe('unknown');
  });
});
