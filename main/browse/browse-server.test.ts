import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppEvent } from '../../shared/ipc/contract.ts';
import { CONTENT_SECURITY_POLICY } from '../../shared/security/content-security-policy.ts';
import { unwrap } from '../../shared/result.ts';
import { createFixture, type Fixture } from '../../e2e/fixture/fixture-service.ts';
import { createBrowseCaller } from '../testing/browse-caller.ts';
import { createRouter } from '../ipc/router.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { createCallConfirmation } from './confirm-calls.ts';
import { createBrowseServer, type BrowseServer } from './browse-server.ts';
import { BODY_LIMIT } from './read-body.ts';

let folder: string;
let server: BrowseServer;
let fixture: Fixture;
let bugs: unknown[];
const confirmation = createCallConfirmation(null, () => Promise.resolve(DEFAULT_SETTINGS));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'browse-'));
  const pages = join(folder, 'renderer');
  mkdirSync(join(pages, 'browser'), { recursive: true });
  mkdirSync(join(pages, 'assets'));
  writeFileSync(join(pages, 'browser', 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(pages, 'assets', 'main-abc.js'), 'export {};');
  writeFileSync(join(pages, 'assets', 'main-abc.js.map'), '{"secret":1}');
  writeFileSync(join(folder, 'secret.html'), 'secret');
  symlinkSync(join(folder, 'secret.html'), join(pages, 'assets', 'linked.html'));
  fixture = createFixture({ logs: 10 });
  bugs = [];
  const router = createRouter({
    app: fixture.app,
    monotonic: () => performance.now(),
    report: () => undefined,
  });
  server = unwrap(
    await createBrowseServer({ router, confirmation, pages, onBug: (thrown) => bugs.push(thrown) }),
  );
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
  expect(bugs).toEqual([]);
});

const { ask, address, signIn, good, call } = createBrowseCaller(() => server);

describe('the browser view lets in', () => {
  it('a browser with a token, once, and then by its cookie', async () => {
    const path = address();
    const entered = await ask({ path });
    expect(entered.status).toBe(303);
    expect(entered.headers.location).toBe('/');
    const cookie = entered.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    const page = await ask({ path: '/', headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(page.status).toBe(200);
    expect(page.body).toContain('the page');
    expect((await ask({ path })).status).toBe(403);
  });

  it('a browser that a local file led here, whose strict cookie a redirect would lose', async () => {
    const reply = await ask({ path: address(), headers: { 'sec-fetch-site': 'cross-site' } });
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('the page');
    expect(reply.headers['set-cookie']?.[0]).toContain('SameSite=Strict');
  });

  it('calls of its own pages, and answers with the envelope', async () => {
    const reply = await call(good(await signIn()));
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ ok: true, value: { state: expect.any(String) } });
  });

  it('several browsers and tabs', async () => {
    const [one, two] = [await signIn(), await signIn()];
    for (const cookie of [one, two, one]) expect((await call(good(cookie))).status).toBe(200);
  });

  it('pages that listen, and tells them what happens', async () => {
    const cookie = await signIn();
    const event: AppEvent = { event: 'notes.changed', payload: { unread: 3 } };
    const heard = await new Promise<string>((resolve, reject) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        path: '/events',
        headers: good(cookie),
      });
      request.on('response', (response) => {
        expect(response.headers['content-type']).toContain('text/event-stream');
        let text = '';
        response.on('data', (part: Buffer) => {
          text += part.toString();
          if (text.includes(': hello')) fixture.emit(event);
          if (!text.includes('data: ')) return;
          request.destroy();
          resolve(text);
        });
      });
      request.on('error', reject);
      request.end();
    });
    expect(heard).toContain(`data: ${JSON.stringify(event)}\n\n`);
  });
});

describe('the browser view sends with every answer', () => {
  it('the policy of the app, and tells browsers to keep nothing but what is named by its content', async () => {
    const cookie = await signIn();
    const replies = [
      await ask({ path: '/' }),
      await ask({ path: '/', headers: { cookie } }),
      await ask({ path: '/nothing', headers: { cookie } }),
      await call(good(cookie)),
    ];
    for (const { headers } of replies) {
      expect(headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    expect(CONTENT_SECURITY_POLICY).toContain("require-trusted-types-for 'script'");
    expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe');
    const asset = await ask({ path: '/assets/main-abc.js', headers: { cookie } });
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.headers['content-type']).toContain('text/javascript');
  });
});

describe('the browser view refuses', () => {
  it('everything without a session', async () => {
    for (const path of ['/', '/assets/main-abc.js', '/events', '/nothing'])
      expect((await ask({ path })).status).toBe(401);
    const { cookie: _cookie, ...without } = good('');
    expect((await call(without)).status).toBe(401);
    const wrong = `session-log-${server.port}=${'A'.repeat(43)}`;
    expect((await call(good(wrong))).status).toBe(401);
  });

  it('a wrong token, an empty one, a used one', async () => {
    for (const token of ['', 'x', 'A'.repeat(43)])
      expect((await ask({ path: `/?token=${token}` })).status).toBe(403);
    const path = address();
    await ask({ path });
    expect((await ask({ path })).status).toBe(403);
  });

  it('to let a browser that only looks ahead use the token up', async () => {
    const path = address();
    expect((await ask({ path, headers: { 'sec-purpose': 'prefetch;prerender' } })).status).toBe(403);
    expect((await ask({ path })).status).toBe(303);
  });

  it('other names of this machine (DNS rebinding), with a session and without', async () => {
    const cookie = await signIn();
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      '127.0.0.1',
      `127.0.0.1:${server.port + 1}`,
      `[::1]:${server.port}`,
    ]) {
      expect((await call({ ...good(cookie), host })).status).toBe(403);
      expect((await ask({ path: address(), headers: { host } })).status).toBe(403);
    }
    expect((await ask({ path: '/', headers: { cookie, host: `localhost:${server.port}` } })).status).toBe(
      200,
    );
  });

  it('other pages of the same browser', async () => {
    const cookie = await signIn();
    const headers = good(cookie);
    for (const origin of [
      'http://evil.example',
      'null',
      `http://127.0.0.1:${server.port + 1}`,
      `https://127.0.0.1:${server.port}`,
      `http://localhost:${server.port}`,
    ])
      expect((await call({ ...headers, origin })).status).toBe(403);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await call({ ...headers, 'sec-fetch-site': site })).status).toBe(403);
    for (const path of ['/events', '/', '/assets/main-abc.js'])
      expect((await ask({ path, headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  it('a session without its key, which other ports of this machine are never sent', async () => {
    const [one, two] = [await signIn(), await signIn()];
    for (const key of ['', '1', 'A'.repeat(43), good(two)['x-session-log'] ?? '']) {
      const headers = { ...good(one), 'x-session-log': key };
      expect((await call(headers)).status).toBe(403);
      expect((await ask({ path: '/events', headers })).status).toBe(403);
    }
    expect((await call(good(one))).status).toBe(200);
  });

  it('a used link with a small page for a person, and with a line for anything else', async () => {
    const path = address();
    await ask({ path });
    const page = await ask({ path, headers: { 'sec-fetch-dest': 'document' } });
    expect(page.status).toBe(403);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('This link has expired. Run “session-log browse” for a new one.');
    expect((await ask({ path })).headers['content-type']).toContain('text/plain');
  });

  it('a port that does not exist', async () => {
    const router = createRouter({ app: fixture.app, monotonic: () => 0, report: () => undefined });
    const options = { router, confirmation, pages: join(folder, 'renderer'), port: 99_999 };
    const none = await createBrowseServer(options);
    expect(none).toMatchObject({
      ok: false,
      error: { code: 'usage', message: expect.stringMatching(/99999.*65535/) },
    });
  });

  it('calls that a form could send', async () => {
    const { 'x-session-log': _mark, ...unmarked } = good(await signIn());
    expect((await call(unmarked)).status).toBe(403);
    const headers = good(await signIn());
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ])
      expect((await call({ ...headers, 'content-type': type })).status).toBe(415);
  });

  it('other methods', async () => {
    const headers = good(await signIn());
    expect((await ask({ path: '/api/status.get', headers })).status).toBe(405);
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])
      expect((await ask({ method, path: '/api/status.get', headers })).status).toBe(405);
    expect((await ask({ method: 'POST', path: '/', headers })).status).toBe(405);
  });

  it('paths that lead out of the pages, in every spelling', async () => {
    const cookie = await signIn();
    const paths = [
      '/../secret.html',
      '/assets/../../secret.html',
      '/..%2fsecret.html',
      '/%2e%2e/secret.html',
      '/assets/%2e%2e/%2e%2e/secret.html',
      '/..\\secret.html',
      '/assets/..%5c..%5csecret.html',
      '//secret.html',
      `/${folder}/secret.html`,
      '/secret.html',
      '/assets/linked.html',
      '/assets/main-abc.js.map',
      '/assets/main-abc.js%00.html',
      '/assets/',
      '/browser',
      '/constructor',
    ];
    for (const path of paths) {
      const reply = await ask({ path, headers: { cookie } });
      expect([400, 404], path).toContain(reply.status);
      expect(reply.body).not.toContain('secret"');
    }
    const absolute = await ask({ path: `http://evil.example/`, headers: { cookie } });
    expect(absolute.status).toBe(400);
  });

  it('a body that is too large, told in advance or not', async () => {
    const headers = good(await signIn());
    const told = await call(
      { ...headers, 'content-length': String(BODY_LIMIT + 1) },
      'status.get',
      '{',
    ).catch(() => null);
    expect(told === null || told.status === 413).toBe(true);
    const big = await new Promise<number | string>((resolve) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        method: 'POST',
        path: '/api/status.get',
        headers: { ...headers, 'transfer-encoding': 'chunked' },
      });
      request.on('response', (response) => resolve(response.statusCode ?? 0));
      // The server may close the line while the rest is being sent; that is a refusal too.
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      const piece = Buffer.alloc(1024 * 1024, 0x20);
      for (let sent = 0; sent <= BODY_LIMIT; sent += piece.length) request.write(piece);
      request.end();
    });
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(big);
    expect((await call(headers)).status).toBe(200);
  });

  it('a body that is no JSON, or no UTF-8', async () => {
    const headers = good(await signIn());
    expect((await call(headers, 'status.get', '{"a":')).status).toBe(400);
    expect((await call(headers, 'status.get', new Uint8Array([0x22, 0xff, 0x22]))).status).toBe(400);
  });

  it('channels that do not exist, by their envelope', async () => {
    const headers = good(await signIn());
    for (const channel of ['nothing', '__proto__', 'status.get/', '../status.get', 'constructor', '']) {
      const reply = await call(headers, channel);
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.body)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    }
  });
});

describe('the browser view ends', () => {
  it('when it is closed, and frees its port', async () => {
    const { port } = server;
    await server.close();
    await server.ended;
    await expect(ask({ path: '/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const router = createRouter({ app: fixture.app, monotonic: () => 0, report: () => undefined });
    const again = unwrap(
      await createBrowseServer({ router, confirmation, pages: join(folder, 'renderer'), port }),
    );
    expect(again.port).toBe(port);
    const taken = await createBrowseServer({ router, confirmation, pages: join(folder, 'renderer'), port });
    expect(taken).toMatchObject({ ok: false, error: { code: 'usage' } });
    await again.close();
  });

  it('does not begin without pages', async () => {
    const router = createRouter({ app: fixture.app, monotonic: () => 0, report: () => undefined });
    const none = await createBrowseServer({ router, confirmation, pages: join(folder, 'nothing') });
    expect(none).toMatchObject({ ok: false, error: { code: 'not-configured' } });
  });

  it('by itself when nobody has looked for the time given', async () => {
    const router = createRouter({ app: fixture.app, monotonic: () => 0, report: () => undefined });
    // A fraction of a minute: what is waited for is the end itself.
    const idle = unwrap(
      await createBrowseServer({ router, confirmation, pages: join(folder, 'renderer'), idleMinutes: 0.001 }),
    );
    await idle.ended;
    expect(idle.port).toBeGreaterThan(0);
  });
});
