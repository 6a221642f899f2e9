// @vitest-environment node
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApi } from './http-api.ts';

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

/** The platform's EventSource, driven by hand: Node has none. What is tested is what the api makes of its events. */
class HandSource extends EventTarget {
  static last: HandSource | null = null;
  readonly url: string;
  closed = false;

  constructor(url: string) {
    super();
    this.url = url;
    HandSource.last = this;
  }

  close(): void {
    this.closed = true;
  }
}

let server: Server;
let base: string;
let answer: Answer;
const seen: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];

beforeEach(async () => {
  seen.length = 0;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      answer(request, body, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  Object.assign(globalThis, { EventSource: HandSource });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  Reflect.deleteProperty(globalThis, 'EventSource');
});

const json =
  (status: number, body: unknown): Answer =>
  (_request, _body, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

describe('calls over HTTP', () => {
  it('post the input as JSON, with the header that other origins cannot send', async () => {
    answer = json(200, { ok: true, value: { unread: 2 } });
    const api = createHttpApi(base);
    const envelope = await api.invoke('notes.markRead', { notes: ['a'.repeat(64)] });
    expect(envelope).toEqual({ ok: true, value: { unread: 2 } });
    expect(seen[0]).toMatchObject({
      path: '/api/notes.markRead',
      body: JSON.stringify({ notes: ['a'.repeat(64)] }),
    });
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-session-log': '1' });
  });

  it('pass an expected failure on, whatever the status says', async () => {
    const error = { code: 'denied', message: 'No.', remedy: 'Ask.', transient: false };
    answer = json(403, { ok: false, error });
    expect(await createHttpApi(base).invoke('status.get', {})).toEqual({ ok: false, error });
  });

  it.each([
    ['a lost session', 401, {}, 'denied'],
    ['a refused page', 403, 'no', 'denied'],
    ['a reply without sense', 200, { hello: 1 }, 'bug'],
    ['an envelope without words', 200, { ok: false, error: { code: 'x' } }, 'bug'],
    ['a broken server', 500, null, 'bug'],
  ])('turn %s into an error value', async (_name, status, body, code) => {
    answer = json(status, body);
    const envelope = await createHttpApi(base).invoke('status.get', {});
    expect(envelope).toMatchObject({ ok: false, error: { code } });
  });

  it('turn a server that is gone into `offline`', async () => {
    const api = createHttpApi('http://127.0.0.1:1/');
    expect(await api.invoke('status.get', {})).toMatchObject({ ok: false, error: { code: 'offline' } });
  });
});

describe('events over HTTP', () => {
  const message = (data: string): MessageEvent => new MessageEvent('message', { data });

  it('reach their listeners until these stop', () => {
    const api = createHttpApi(base);
    expect(HandSource.last?.url).toBe(`${base}events`);
    const heard: unknown[] = [];
    const stop = api.on('notes.changed', (payload) => heard.push(payload));
    HandSource.last?.dispatchEvent(message('{"event":"notes.changed","payload":{"unread":1}}'));
    HandSource.last?.dispatchEvent(message('{"event":"index.changed","payload":{"version":1,"ids":null}}'));
    stop();
    HandSource.last?.dispatchEvent(message('{"event":"notes.changed","payload":{"unread":2}}'));
    expect(heard).toEqual([{ unread: 1 }]);
    api.close();
    expect(HandSource.last?.closed).toBe(true);
  });

  it.each(['not json', '7', 'null', '{"event":"nope"}', '{"event":"__proto__","payload":1}', '{}'])(
    'pass over %s',
    (data) => {
      const api = createHttpApi(base);
      const heard: unknown[] = [];
      api.on('notes.changed', (payload) => heard.push(payload));
      HandSource.last?.dispatchEvent(message(data));
      expect(heard).toEqual([]);
    },
  );

  it('tell when the connection is lost and when it is back', () => {
    const { connection } = createHttpApi(base);
    const states: boolean[] = [];
    connection.subscribe(() => states.push(connection.isLost()));
    HandSource.last?.dispatchEvent(new Event('open'));
    HandSource.last?.dispatchEvent(new Event('error'));
    HandSource.last?.dispatchEvent(new Event('error'));
    HandSource.last?.dispatchEvent(new Event('open'));
    expect(states).toEqual([true, false]);
  });
});
