import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTENT_SECURITY_POLICY } from '../../shared/security/content-security-policy.ts';
import type { Browse } from '../harness/browse.ts';
import { LISTED, SCREENSHOTS, expect, test } from './browse-test.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as it stands: no browser that would tidy its path or name another host. */
function ask({ port }: Browse, { method = 'GET', path, headers = {}, body }: Ask): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers, agent: false };
    const request = httpRequest(options, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const pathOf = ({ url }: Browse): string => `/${new URL(url).search}`;

const keyOf = ({ url }: Browse): string => new URL(url).hash.slice('#key='.length);

async function signIn(browse: Browse): Promise<string> {
  const reply = await ask(browse, { path: pathOf(browse) });
  expect(reply.status).toBe(303);
  return reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

const callHeaders = (browse: Browse, cookie: string): Record<string, string> => ({
  cookie,
  'x-session-log': keyOf(browse),
  'content-type': 'application/json',
  origin: `http://127.0.0.1:${browse.port}`,
});

test.describe('the browser view of the built program', () => {
  test('opens by its token once; without one, or with a used one, nothing is told', async ({ browse }) => {
    for (const path of ['/', '/panel/index.html', '/events'])
      expect((await ask(browse, { path })).status, path).toBe(401);
    expect((await ask(browse, { path: `/?token=${'A'.repeat(43)}` })).status).toBe(403);
    const cookie = await signIn(browse);
    expect((await ask(browse, { path: '/', headers: { cookie } })).status).toBe(200);
    const again = await ask(browse, { path: pathOf(browse) });
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('takes token and key out of the address, and keeps scripts away from the session', async ({
    logs,
  }) => {
    expect(logs.url()).not.toMatch(/token|key/);
    expect(await logs.evaluate(() => document.cookie)).toBe('');
    const [cookie] = await logs.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  });

  test('answers to no other name, with a session or without', async ({ browse }) => {
    const cookie = await signIn(browse);
    for (const host of [
      'evil.example',
      `evil.example:${browse.port}`,
      '127.0.0.1',
      `127.0.0.1:${browse.port + 1}`,
    ]) {
      const headers = { ...callHeaders(browse, cookie), host };
      expect((await ask(browse, { path: '/', headers })).status, host).toBe(403);
      const call = { method: 'POST', path: '/api/status.get', headers, body: '{}' };
      expect((await ask(browse, call)).status, host).toBe(403);
    }
  });

  test('refuses calls without the key, by GET, and of another type', async ({ browse }) => {
    const headers = callHeaders(browse, await signIn(browse));
    const call = { method: 'POST', path: '/api/status.get', headers, body: '{}' };
    const good = await ask(browse, call);
    expect(good.status).toBe(200);
    expect(JSON.parse(good.body)).toMatchObject({ ok: true });
    expect((await ask(browse, { path: '/api/status.get', headers })).status).toBe(405);
    const { 'x-session-log': _mark, ...unmarked } = headers;
    expect((await ask(browse, { ...call, headers: unmarked })).status).toBe(403);
    const typed = { ...headers, 'content-type': 'text/plain' };
    expect((await ask(browse, { ...call, headers: typed })).status).toBe(415);
    const { cookie: _cookie, ...unknown } = headers;
    expect((await ask(browse, { ...call, headers: unknown })).status).toBe(401);
  });

  test('serves nothing but its pages, however a path is spelled', async ({ browse }) => {
    const cookie = await signIn(browse);
    const escapes = [
      '/../main/cli.js',
      '/..%2fmain%2fcli.js',
      '/%2e%2e/main/cli.js',
      '/assets/../../main/cli.js',
      '/assets/%2e%2e/%2e%2e/main/cli.js',
      '/assets/..%5c..%5cmain%5ccli.js',
      '//main/cli.js',
      '/etc/passwd',
      '/%2fetc%2fpasswd',
      '/browser/index.html%00.js',
      '/browser/',
      '/__proto__',
    ];
    for (const path of escapes)
      expect([400, 404], path).toContain((await ask(browse, { path, headers: { cookie } })).status);
  });

  test('sends the policy of the app with the page, and the page keeps to it', async ({ logs }) => {
    const reply = await logs.reload();
    const headers = reply?.headers() ?? {};
    expect(headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
  });

  test('is out of reach for a page of another origin in the same browser', async ({ logs, browse }) => {
    const other = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>other</title>');
    });
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    try {
      const page = await logs.context().newPage();
      await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      const outcomes = await page.evaluate(async (target) => {
        const tell = (asked: Promise<Response>): Promise<string> =>
          asked.then(
            (response) => response.type,
            () => 'refused',
          );
        const headers = { 'x-session-log': 'no-key', 'content-type': 'application/json' };
        return [
          await tell(fetch(`${target}/`, { credentials: 'include' })),
          await tell(
            fetch(`${target}/api/status.get`, {
              method: 'POST',
              credentials: 'include',
              headers,
              body: '{}',
            }),
          ),
          await new Promise<string>((resolve) => {
            const stream = new EventSource(`${target}/events`, { withCredentials: true });
            stream.addEventListener('open', () => resolve('open'));
            stream.addEventListener('error', () => resolve('refused'));
          }),
        ];
      }, `http://127.0.0.1:${browse.port}`);
      expect(outcomes).toEqual(['refused', 'refused', 'refused']);
      // The ports of one host are one site, so that a request which asks for no answer arrives with the cookie. It must do nothing.
      const sent = await page.evaluate(
        (target) =>
          fetch(`${target}/api/sync.full`, {
            method: 'POST',
            mode: 'no-cors',
            credentials: 'include',
            body: '{}',
          }).then(
            () => 'answered',
            () => 'refused',
          ),
        `http://127.0.0.1:${browse.port}`,
      );
      expect(sent).toBe('refused');
      const ran = await logs.request.post(`http://127.0.0.1:${browse.port}/api/operations.list`, {
        headers: { 'x-session-log': keyOf(browse) },
        data: {},
      });
      const { value } = (await ran.json()) as { readonly value: unknown };
      expect(value).toMatchObject({ running: expect.any(Array), finished: expect.any(Array) });
      expect(JSON.stringify(value)).not.toContain('"person"');
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });

  test('gives a server on another port a cookie that opens nothing', async ({ logs, browse }) => {
    let stolen = '';
    const other = createServer((request, response) => {
      stolen = request.headers.cookie ?? stolen;
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>other</title>');
    });
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    try {
      const page = await logs.context().newPage();
      await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      // The platform is like that: ports of one host share their cookies.
      expect(stolen).toContain(`session-log-${browse.port}=`);
      expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
      const body = JSON.stringify({ change: { git: { wikiCommand: 'id > pwned' } } });
      for (const key of ['1', '', 'x'.repeat(43)])
        for (const [channel, input] of [
          ['status.get', '{}'],
          ['logs.page', '{}'],
          ['settings.set', body],
        ] as const) {
          const headers = { ...callHeaders(browse, stolen), 'x-session-log': key };
          const call = { method: 'POST', path: `/api/${channel}`, headers, body: input };
          expect((await ask(browse, call)).status, channel).toBe(403);
        }
      const events = { path: '/events', headers: { cookie: stolen, 'x-session-log': '1' } };
      expect((await ask(browse, events)).status).toBe(403);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });

  test('stays signed in over a reload and in a second tab, and says what to do in a strange one', async ({
    logs,
    browse,
  }) => {
    await logs.reload();
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
    const second = await logs.context().newPage();
    await second.goto(`http://127.0.0.1:${browse.port}/`);
    await expect(second.getByText(`${LISTED} sessions`)).toBeVisible();
    await second.close();
    await logs.goto('about:blank');
    const stranger = await logs.context().newPage();
    await stranger.goto(`http://127.0.0.1:${browse.port}/`);
    await expect(stranger.getByText('This tab is not signed in.')).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await stranger.emulateMedia({ colorScheme });
      await stranger.screenshot({ path: `${SCREENSHOTS}/not-signed-in-${colorScheme}.png` });
    }
    await stranger.close();
    await logs.goto(`http://127.0.0.1:${browse.port}/`);
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
  });

  test('shows a person with a used link what to do', async ({ logs, browse, browser }) => {
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(browse.url);
    await expect(
      page.getByText('This link has expired. Run “session-log browse” for a new one.'),
    ).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${SCREENSHOTS}/used-link-${colorScheme}.png` });
    }
    await context.close();
  });

  test('refuses to name a program for a page where no terminal can be asked', async ({ browse }) => {
    const headers = callHeaders(browse, await signIn(browse));
    const body = JSON.stringify({ change: { git: { wikiCommand: 'id > pwned' } } });
    const reply = await ask(browse, { method: 'POST', path: '/api/settings.set', headers, body });
    expect(JSON.parse(reply.body)).toMatchObject({ ok: false, error: { code: 'denied' } });
    const harmless = JSON.stringify({ change: { app: { theme: 'dark' } } });
    const done = await ask(browse, { method: 'POST', path: '/api/settings.set', headers, body: harmless });
    expect(JSON.parse(done.body)).toMatchObject({ ok: true });
  });
});
