import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { unwrap } from '../../shared/result.ts';
import { createFixture, type Fixture } from '../../e2e/fixture/fixture-service.ts';
import { createRouter } from '../ipc/router.ts';
import { createBrowseCaller } from '../testing/browse-caller.ts';
import { createBrowseServer, type BrowseServer } from './browse-server.ts';
import { createCallConfirmation } from './confirm-calls.ts';

let folder: string;
let server: BrowseServer;
let fixture: Fixture;
/** Who sits at the terminal; null for nobody. */
let person: ((lines: readonly string[], signal: AbortSignal) => Promise<boolean>) | null;
const asked: (readonly string[])[] = [];
const confirmation = createCallConfirmation(
  {
    canAsk: () => Promise.resolve(person !== null),
    ask(lines, signal) {
      asked.push(lines);
      return person?.(lines, signal) ?? Promise.resolve(false);
    },
  },
  () => Promise.resolve(DEFAULT_SETTINGS),
);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'browse-'));
  mkdirSync(join(folder, 'browser'));
  writeFileSync(join(folder, 'browser', 'index.html'), '<!doctype html><title>the page</title>');
  fixture = createFixture({ logs: 1 });
  person = null;
  asked.length = 0;
  const router = createRouter({
    app: fixture.app,
    monotonic: () => performance.now(),
    report: () => undefined,
  });
  server = unwrap(await createBrowseServer({ router, confirmation, pages: folder }));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const { signIn, good, call } = createBrowseCaller(() => server);

describe('the browser view asks in the terminal', () => {
  const change = (value: string): string => JSON.stringify({ change: { git: { wikiCommand: value } } });

  it('before a page may name a program, and does it after a yes', async () => {
    person = () => Promise.resolve(true);
    const reply = await call(good(await signIn()), 'settings.set', change('make wiki'));
    expect(reply.headers['x-session-log-confirm']).toBe('terminal');
    expect(JSON.parse(reply.body)).toMatchObject({ ok: true });
    expect(asked).toEqual([['git.wikiCommand: "" -> "make wiki"']]);
  });

  it('and changes nothing after a no', async () => {
    person = () => Promise.resolve(false);
    const reply = await call(good(await signIn()), 'settings.set', change('id > pwned'));
    expect(JSON.parse(reply.body)).toMatchObject({ ok: false, error: { code: 'denied' } });
    const now = await fixture.app.settings.get();
    expect(unwrap(now).settings.git.wikiCommand).not.toContain('pwned');
  });

  it('and names the command where nobody can be asked', async () => {
    const reply = await call(good(await signIn()), 'settings.set', change('x'));
    expect(JSON.parse(reply.body)).toMatchObject({
      ok: false,
      error: { code: 'denied', remedy: expect.stringContaining('session-log config set git.wikiCommand') },
    });
  });

  it('until the page takes the question back', async () => {
    const takenBack = new Promise<void>((resolve) => {
      person = (_lines, signal) =>
        new Promise((answer) => {
          signal.addEventListener('abort', () => {
            answer(false);
            resolve();
          });
        });
    });
    const headers = good(await signIn());
    const request = httpRequest({
      host: '127.0.0.1',
      port: server.port,
      method: 'POST',
      path: '/api/settings.set',
      headers,
      agent: false,
    });
    request.on('response', (response) => response.destroy());
    request.on('error', () => undefined);
    request.end(change('y'));
    await takenBack;
  });
});
