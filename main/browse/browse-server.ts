import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appError, type AppError, type Answer } from '../../shared/app-error.ts';
import { envelopeOf } from '../../shared/envelope.ts';
import { en } from '../../shared/i18n/en.ts';
import { CONFIRM_HEADER, KEY_HEADER } from '../../shared/ipc/http.ts';
import { CONTENT_SECURITY_POLICY } from '../../shared/security/content-security-policy.ts';
import { err, ok } from '../../shared/result.ts';
import type { Router } from '../ipc/router.ts';
import { checkCall, checkHost, checkOrigin, type Refusal } from './check-request.ts';
import type { CallConfirmation } from './confirm-calls.ts';
import { createEventStreams, type EventStreams } from './event-streams.ts';
import { listPages, type Pages } from './pages.ts';
import { readBody } from './read-body.ts';
import { refuse } from './refuse.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface BrowseServerOptions {
  readonly router: Router;
  /** Confirms what a page may not do on its own. */
  readonly confirmation: CallConfirmation;
  /** Absolute path of the built renderer. */
  readonly pages: string;
  /** 0, or undefined, for any free one. */
  readonly port?: number;
  /** Ends after this many minutes without an open page or a request for one; never by default. */
  readonly idleMinutes?: number;
  /** Called when a page begins to listen: somebody is looking. */
  readonly onPage?: () => void;
  /** Called with an exception of a request, which is a bug: for the app log. */
  readonly onBug?: (thrown: unknown) => void;
}

export interface BrowseServer {
  readonly port: number;
  /** Returns an address with a token that opens the pages once; each call creates another. */
  newAddress(): string;
  /** Ends it; open pages are notified by the end of their connections. */
  close(): Promise<void>;
  /** Resolves when it has ended, by `close` or for idleness. */
  readonly ended: Promise<void>;
}

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

interface Serving {
  readonly options: BrowseServerOptions;
  readonly pages: Pages;
  readonly sessions: Sessions;
  readonly streams: EventStreams;
  port: number;
}

/**
 * Serves the pages, calls and events of docs/ipc.md on this machine's loopback interface.
 * @returns `not-configured` when the pages are not built, `usage` when the port is taken
 */
export async function createBrowseServer(options: BrowseServerOptions): Answer<BrowseServer> {
  if ((options.port ?? 0) > 65_535) return err(noSuchPort(options.port ?? 0));
  const pages = await listPages(options.pages);
  if (pages === null) return err(notBuilt(options.pages));
  const idle = idleTimer(options.idleMinutes, () => void close());
  const streams = createEventStreams(() => idle.touch(streams.size > 0));
  const serving: Serving = { options, pages, streams, sessions: createSessions(() => serving.port), port: 0 };
  const server = createServer((request, response) => {
    idle.touch(streams.size > 0);
    answer(serving, request, response).catch((thrown: unknown) => {
      options.onBug?.(thrown);
      response.destroy();
    });
  });
  // A slow sender holds a socket, not a thread; half a minute is long on loopback.
  server.requestTimeout = 30_000;
  const listening = await listen(server, options.port ?? 0);
  if (!listening.ok) return listening;
  serving.port = listening.value;
  const unsubscribe = options.router.subscribe((event) => streams.send(event));
  let closing: Promise<void> | null = null;
  const ended = new Promise<void>((resolve) => server.once('close', resolve));

  function close(): Promise<void> {
    closing ??= (async () => {
      unsubscribe();
      idle.stop();
      streams.close();
      server.close();
      server.closeAllConnections();
      await ended;
    })();
    return closing;
  }

  idle.touch(false);
  return ok({
    port: serving.port,
    newAddress() {
      const { token, key } = serving.sessions.invite();
      return `http://127.0.0.1:${serving.port}/?token=${token}#key=${key}`;
    },
    close,
    ended,
  });
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const { sessions, port } = serving;
  const foreign = checkHost(request, port);
  if (foreign) return refuse(request, response, foreign);
  const address = pathOf(request.url);
  if (address === null)
    return refuse(request, response, { status: 400, message: 'The address cannot be read.' });
  const call = address.path.startsWith('/api/');
  const allowed = call ? 'POST' : 'GET';
  if (request.method !== allowed) {
    response.setHeader('allow', allowed);
    return refuse(request, response, { status: 405, message: `Only ${allowed} is answered here.` });
  }
  // A token is sufficient proof, and the file that opens the browser has another origin.
  if (address.token !== null) return enter(serving, request, response, address.token);
  const crossing = checkOrigin(request, port, !call && address.path !== '/events');
  if (crossing) return refuse(request, response, crossing);
  const { cookie } = request.headers;
  if (!sessions.has(cookie)) return refuse(request, response, NO_SESSION);
  const isPage = !call && address.path !== '/events';
  if (!isPage && !sessions.hasKey(cookie, request.headers[KEY_HEADER]))
    return refuse(request, response, NO_KEY);
  if (call) return runCall(serving, request, response, address.path.slice('/api/'.length));
  if (isPage) return sendPage(serving, request, response, address.path);
  serving.streams.open(request, response);
  serving.options.onPage?.();
}

const NO_SESSION: Refusal = { status: 401, message: en.problems.linkExpired };
const NO_KEY: Refusal = { status: 403, message: en.problems.linkExpired };

/** Exchanges the token for a cookie. */
async function enter(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): Promise<void> {
  const { sessions } = serving;
  // A prefetching browser would use up the token before anybody has requested the page.
  const ahead = /prefetch|prerender/i.test(
    String(request.headers['sec-purpose'] ?? request.headers['purpose'] ?? ''),
  );
  const cookie = ahead ? null : sessions.exchange(token);
  // Using the same link again in the same browser opens another tab.
  if (cookie === null && (ahead || !sessions.has(request.headers.cookie)))
    return refuse(request, response, { status: 403, message: en.problems.linkExpired });
  if (cookie !== null) response.setHeader('set-cookie', cookie);
  const site = request.headers['sec-fetch-site'];
  // A browser omits a strict cookie from every redirect of a visit started by another page, but never from requests of our own page.
  if (site === 'cross-site' || site === 'same-site') return sendPage(serving, request, response, '/');
  response.writeHead(303, { location: '/' });
  response.end();
}

async function runCall(
  { options, port }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  channel: string,
): Promise<void> {
  const wrong = checkCall(request);
  if (wrong) return refuse(request, response, wrong);
  const body = await readBody(request);
  if ('refusal' in body) {
    // The rest of the request body is not wanted any more.
    response.setHeader('connection', 'close');
    return refuse(request, response, body.refusal);
  }
  const problem = await notAllowed(options.confirmation, response, channel, body.value);
  const envelope =
    problem === null
      ? await options.router.dispatch(channel, body.value, { kind: 'browser-view', id: `${port}` })
      : envelopeOf(err(problem));
  if (!response.headersSent) response.writeHead(200, JSON_ANSWER);
  response.end(JSON.stringify(envelope));
}

const JSON_ANSWER = { 'content-type': 'application/json; charset=utf-8' };

/**
 * Asks in the terminal if a page may not act on its own. The response head tells the page that it waits for a person; a page that
 * gives up closes the connection, and the question is withdrawn.
 */
async function notAllowed(
  confirmation: CallConfirmation,
  response: ServerResponse,
  channel: string,
  input: unknown,
): Promise<AppError | null> {
  const steps = await confirmation.steps(channel, input);
  if (steps.length === 0) return null;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { ...JSON_ANSWER, [CONFIRM_HEADER]: 'terminal' });
  response.flushHeaders();
  return confirmation.confirm(steps, gone.signal);
}

async function sendPage(
  { pages }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const page = await pages.read(path);
  if (page === null) return refuse(request, response, { status: 404, message: 'There is no such page.' });
  response.writeHead(200, {
    'content-type': page.type,
    'content-length': page.bytes.length,
    ...(page.lasting ? { 'cache-control': 'private, max-age=31536000, immutable' } : {}),
  });
  response.end(page.bytes);
}

/** Splits an address into path and token. The path is compared as sent, with its escapes, so that it has only one spelling. */
function pathOf(url = '/'): { readonly path: string; readonly token: string | null } | null {
  if (!url.startsWith('/') || url.startsWith('//')) return null;
  const cut = url.indexOf('?');
  const path = cut === -1 ? url : url.slice(0, cut);
  const query = new URLSearchParams(cut === -1 ? '' : url.slice(cut + 1));
  return { path, token: path === '/' ? query.get('token') : null };
}

function listen(server: Server, port: number): Answer<number> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(err(noPort(port, error.code ?? error.message))),
    );
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () =>
      resolve(ok((server.address() as AddressInfo).port)),
    );
  });
}

/** Ends something after a time without activity; `held` keeps it running. */
function idleTimer(
  minutes: number | undefined,
  end: () => void,
): { readonly touch: (held: boolean) => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | null = null;
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    touch(held) {
      stop();
      if (minutes !== undefined && !held) timer = setTimeout(end, minutes * 60_000);
    },
    stop,
  };
}

function notBuilt(folder: string): AppError {
  return appError(
    'not-configured',
    `The pages are not built: ${folder} does not hold them.`,
    'Run `npm run build` in the folder of Session Log.',
  );
}

function noSuchPort(port: number): AppError {
  return appError(
    'usage',
    `There is no port ${port}: ports go up to 65535.`,
    'Name another with --port, or leave it out for any free one.',
  );
}

function noPort(port: number, code: string): AppError {
  return appError(
    'usage',
    code === 'EADDRINUSE' ? `The port ${port} is in use.` : `The port ${port} cannot be used (${code}).`,
    'Name another with --port, or leave it out for any free one.',
  );
}
