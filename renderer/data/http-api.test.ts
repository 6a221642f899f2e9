// @vitest-environment node
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApi } from './http-api.ts';

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

let server: Server;
let base: string;
let answer: Answer;
/** The event streams that are open, oldest first. */
const lines: ServerResponse[] = [];
const made: { close(): void }[] = [];

function createApi(at = base) {
  const api = createHttpApi(at, Promise.resolve('the-key'));
  made.push(api);
  return api;
}
const seen: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];

beforeEach(async () => {
  seen.length = 0;
  lines.length = 0;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      if (request.url === '/events') {
        lines.push(response);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(': hello\n\n');
        return;
      }
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      answer(request, body, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  for (const api of made.splice(0)) api.close();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const json =
  (status: number, body: unknown): Answer =>
  (_request, _body, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

describe('calls over HTTP', () => {
  it('post the input as JSON, with the header that other origins cannot send', async () => {
    answer = json(200, { ok: true, value: { unread: 2 } });
    const api = createApi();
    const envelope = await api.invoke('notes.markRead', { notes: ['a'.repeat(64)] });
    expect(envelope).toEqual({ ok: true, value: { unread: 2 } });
    expect(seen[0]).toMatchObject({
      path: '/api/notes.markRead',
      body: JSON.stringify({ notes: ['a'.repeat(64)] }),
    });
    expect(seen[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-session-log': 'the-key',
    });
  });

  it('pass an expected failure on, whatever the status says', async () => {
    const error = { code: 'denied', message: 'No.', remedy: 'Ask.', transient: false };
    answer = json(403, { ok: false, error });
    expect(await createApi().invoke('status.get', {})).toEqual({ ok: false, error });
  });

  it.each([
    ['a lost session', 401, {}, 'denied'],
    ['a refused page', 403, 'no', 'denied'],
    ['a reply without sense', 200, { hello: 1 }, 'bug'],
    ['an envelope without words', 200, { ok: false, error: { code: 'x' } }, 'bug'],
    ['a broken server', 500, null, 'bug'],
  ])('turn %s into an error value', async (_name, status, body, code) => {
    answer = json(status, body);
    const envelope = await createApi().invoke('status.get', {});
    expect(envelope).toMatchObject({ ok: false, error: { code } });
  });

  it('turn a server that is gone into `offline`', async () => {
    const api = createApi('http://127.0.0.1:1/');
    expect(await api.invoke('status.get', {})).toMatchObject({ ok: false, error: { code: 'offline' } });
  });
});

describe('calls that a person must allow in the terminal', () => {
  it('are told to the page while they wait, and give their answer afterwards', async () => {
    let finish = (): void => undefined;
    answer = (_request, _body, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-session-log-confirm': 'terminal' });
      response.flushHeaders();
      finish = () => response.end('{"ok":true,"value":1}');
    };
    const api = createApi();
    const reply = api.invoke('status.get', {});
    await expect.poll(() => api.connection.waiting()).not.toBeNull();
    finish();
    expect(await reply).toEqual({ ok: true, value: 1 });
    expect(api.connection.waiting()).toBeNull();
  });

  it('are taken back by the page, which the server learns from the end of the line', async () => {
    let gone = false;
    answer = (_request, _body, response) => {
      response.writeHead(200, { 'x-session-log-confirm': 'terminal' });
      response.flushHeaders();
      response.on('close', () => (gone = true));
    };
    const api = createApi();
    const reply = api.invoke('status.get', {});
    await expect.poll(() => api.connection.waiting()).not.toBeNull();
    api.connection.waiting()?.();
    expect(await reply).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    await expect.poll(() => gone).toBe(true);
  });
});

describe('events over HTTP', () => {
  const opened = (): Promise<void> => expect.poll(() => lines.length).toBe(1);

  it('reach their listeners until these stop, however they are cut', async () => {
    const api = createApi();
    await opened();
    const heard: unknown[] = [];
    const stop = api.on('notes.changed', (payload) => heard.push(payload));
    lines[0]?.write('data: {"event":"notes.changed",');
    lines[0]?.write(
      '"payload":{"unread":1}}\n\ndata: {"event":"index.changed","payload":{"version":1,"ids":null}}\n\n',
    );
    await expect.poll(() => heard).toEqual([{ unread: 1 }]);
    stop();
    const after: unknown[] = [];
    api.on('status.changed', (payload) => after.push(payload));
    lines[0]?.write('data: {"event":"notes.changed","payload":{"unread":2}}\n\n');
    lines[0]?.write('data: {"event":"status.changed","payload":1}\n\n');
    await expect.poll(() => after).toEqual([1]);
    expect(heard).toEqual([{ unread: 1 }]);
  });

  it.each(['not json', '7', 'null', '{"event":"nope"}', '{"event":"__proto__","payload":1}', '{}'])(
    'pass over %s',
    async (data) => {
      const api = createApi();
      await opened();
      const heard: unknown[] = [];
      api.on('notes.changed', (payload) => heard.push(payload));
      lines[0]?.write(`data: ${data}\n\ndata: {"event":"notes.changed","payload":7}\n\n`);
      await expect.poll(() => heard).toEqual([7]);
    },
  );

  it('tell when the connection is lost and when it is back', async () => {
    const { connection } = createApi();
    const states: boolean[] = [];
    connection.subscribe(() => states.push(connection.isLost()));
    await opened();
    lines[0]?.end();
    await expect.poll(() => states).toEqual([true]);
    await expect.poll(() => states, { timeout: 5_000 }).toEqual([true, false]);
    expect(lines).toHaveLength(2);
  });
});
