import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { CALL_CHANNEL, CALLS } from '../../shared/ipc/channels.ts';
import { CONTENT_SECURITY_POLICY } from '../../shared/security/content-security-policy.ts';
import { expect, test, type StartedApp } from '../harness/app-test.ts';
import { readFuses } from '../harness/electron-fuses.ts';
import { callAll } from '../harness/page-api.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the last window was made with. */
function preferences(app: StartedApp): Promise<Record<string, unknown>[]> {
  return app.electron.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) =>
        (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
      ),
  );
}

function invoke(page: Page, channel: string, input: unknown): Promise<unknown> {
  return page.evaluate(
    ([name, given]) =>
      (
        globalThis as unknown as { api: { invoke(channel: string, input: unknown): Promise<unknown> } }
      ).api.invoke(name, given),
    [channel, input] as const,
  );
}

test('the checklist of Electron, item by item, on the packed app', async ({ startApp, packed }) => {
  const app = await startApp();
  const page = await app.browser();
  await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
  await app.tray.activate();
  const panel = await app.panel();
  const all = await preferences(app);
  expect(all).toHaveLength(2);
  const home = page.url();

  await test.step('1 only our own content is loaded', async () => {
    for (const each of [page, panel]) expect(each.url()).toMatch(/^app:\/\/session-log\//);
    const remote = await app.electron.evaluate(async ({ session }) =>
      session.defaultSession.fetch('https://example.com/').then(
        () => 'loaded',
        () => 'refused',
      ),
    );
    expect(remote).toBe('refused');
  });
  await test.step('2 no Node in pages', async () => {
    for (const one of all) expect(one['nodeIntegration']).toBe(false);
    expect(await page.evaluate(() => [typeof require, typeof process, typeof module])).toEqual(
      Array.from({ length: 3 }, () => 'undefined'),
    );
  });
  await test.step('3 context isolation', () => {
    for (const one of all) expect(one['contextIsolation']).toBe(true);
  });
  await test.step('4 sandbox', () => {
    for (const one of all) expect(one['sandbox']).toBe(true);
  });
  await test.step('5 permissions are refused', async () => {
    const states = await page.evaluate(async () => {
      const names = ['camera', 'microphone', 'geolocation', 'notifications', 'clipboard-read', 'midi'];
      const found = [];
      for (const name of names)
        found.push((await navigator.permissions.query({ name: name as PermissionName })).state);
      return found;
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
    const camera = await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        () => 'refused',
      ),
    );
    expect(camera).toBe('refused');
  });
  await test.step('6 web security', () => {
    for (const one of all) expect(one['webSecurity']).toBe(true);
  });
  await test.step('7 the content security policy holds', async () => {
    const refused = await page.evaluate(async () => {
      const violations: string[] = [];
      const all = new Promise<void>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          violations.push(event.effectiveDirective);
          if (['img-src', 'frame-src', 'connect-src'].every((name) => violations.includes(name))) resolve();
        });
      });
      const image = document.createElement('img');
      image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
      document.body.append(image);
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      document.body.append(frame);
      let markup = 'made';
      try {
        document.createElement('div').innerHTML = '<b>x</b>';
      } catch {
        markup = 'refused';
      }
      await fetch('https://example.com/').catch(() => undefined);
      await all;
      image.remove();
      frame.remove();
      return { violations, markup };
    });
    expect(refused.markup).toBe('refused');
    expect(refused.violations).toEqual(expect.arrayContaining(['img-src', 'frame-src', 'connect-src']));
    const source = readFileSync(join(ROOT, 'shared', 'security', 'content-security-policy.ts'), 'utf8');
    expect(source).toContain("default-src 'none'");
    const header = await app.electron.evaluate(async ({ session }) => {
      const answer = await session.defaultSession.fetch('app://session-log/browser/index.html');
      return answer.headers.get('content-security-policy');
    });
    expect(header).toBe(CONTENT_SECURITY_POLICY);
  });
  await test.step('8 no insecure content', () => {
    for (const one of all) expect(one['allowRunningInsecureContent'] ?? false).toBe(false);
  });
  await test.step('9 no experimental features', () => {
    for (const one of all) expect(one['experimentalFeatures'] ?? false).toBe(false);
  });
  await test.step('10 no Blink features', () => {
    for (const one of all) expect(one['enableBlinkFeatures'] ?? '').toBe('');
  });
  await test.step('11 and 12 no webviews', async () => {
    for (const one of all) expect(one['webviewTag'] ?? false).toBe(false);
    const known = await page.evaluate(() => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'https://example.com/');
      document.body.append(view);
      view.remove();
      return 'loadURL' in view;
    });
    expect(known).toBe(false);
    expect(await preferences(app)).toHaveLength(2);
  });
  await test.step('13 no navigation', async () => {
    for (const target of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,x', 'app://other/x'])
      await page.evaluate((to) => {
        window.location.href = to;
      }, target);
    expect(new URL(page.url()).pathname).toBe(new URL(home).pathname);
    expect(page.url()).toMatch(/^app:\/\/session-log\//);
  });
  await test.step('14 no new windows', async () => {
    expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
    expect(await page.evaluate(() => window.open('app://session-log/panel/index.html') === null)).toBe(true);
    expect(await preferences(app)).toHaveLength(2);
  });
  await test.step('15 only checked links leave', async () => {
    const bad = [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'http://example.com/',
      'smb://host/share',
      'ms-msdt:/id',
      'https://bank.example@evil.example/',
      '//example.com',
      '/etc/passwd',
    ];
    for (const url of bad)
      expect(await invoke(page, 'shell.openLink', { url }), url).toMatchObject({
        ok: false,
        error: { code: 'denied' },
      });
  });
  await test.step('16 a current Electron is what releases pack', () => {
    const pack = JSON.parse(readFileSync(join(ROOT, 'node_modules', 'electron', 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(Number(pack.version.split('.')[0])).toBeGreaterThanOrEqual(45);
  });
  await test.step('17 senders are checked', async () => {
    expect(await foreignAnswers(app, ['status.get'])).toEqual(['denied']);
  });
  await test.step('18 no file: and no way out of our own scheme', async () => {
    const escapes = [
      'app://session-log/../../package.json',
      'app://session-log/%2e%2e/%2e%2e/package.json',
      'app://session-log/..%2f..%2fpackage.json',
      'app://session-log//etc/passwd',
      'app://other/browser/index.html',
      'app://session-log/browser/',
    ];
    const statuses = await app.electron.evaluate(async ({ session }, urls) => {
      const found = [];
      for (const url of urls)
        found.push(
          await session.defaultSession.fetch(url).then(
            ({ status }) => status,
            () => 0,
          ),
        );
      return found;
    }, escapes);
    for (const status of statuses) expect([0, 404]).toContain(status);
  });
  await test.step('19 the fuses of the program', () => {
    expect(readFuses(packed)).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      // The driver of these tests needs it; electron-builder.yml has it off for releases.
      enableNodeCliInspectArguments: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')).toContain(
      'enableNodeCliInspectArguments: false',
    );
  });
  await test.step('20 pages hold names and nothing of Electron', async () => {
    const held = await page.evaluate(() => {
      const { api } = globalThis as unknown as { api: object };
      return {
        keys: Object.keys(api).toSorted(),
        frozen: Object.isFrozen(api),
        electron: 'electron' in globalThis,
      };
    });
    expect(held).toMatchObject({ keys: ['invoke', 'on'], electron: false });
    expect(await callAll(page, ['no.such', '__proto__', 'session-log:call'], '{}')).toEqual(
      ['no.such', '__proto__', 'session-log:call'].map((channel) => ({
        channel,
        ok: false,
        code: 'rejected',
      })),
    );
  });
});

const HUGE = 50 * 1024 * 1024;

/** One of each limit of text that channels have. */
const BRIDGED: readonly string[] = ['settings.set', 'save.check'];

/**
 * Calls every channel as the bridge would, without it.
 * @param input JSON
 * @param size characters of a text that the input is given besides; 0 for none
 */
function pastBridge(app: StartedApp, input: string, size: number): Promise<string[]> {
  return app.electron.evaluate(
    async ({ ipcMain, BrowserWindow }, [channel, names, json, length]) => {
      type Handler = (event: unknown, name: string, given: unknown) => Promise<{ error?: { code: string } }>;
      const handle = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers.get(
        channel,
      );
      const sender = BrowserWindow.getAllWindows()[0]?.webContents;
      if (handle === undefined || sender === undefined) throw new Error('nothing listens');
      const text = length === 0 ? {} : { text: 'x'.repeat(length) };
      const codes: string[] = [];
      for (const name of names) {
        const event = { sender, senderFrame: sender.mainFrame };
        codes.push((await handle(event, name, Object.assign(JSON.parse(json), text))).error?.code ?? 'ok');
      }
      return codes;
    },
    [CALL_CHANNEL, [...CALLS], input, size] as const,
  );
}

/** Calls channels from a window that the app did not make, with the app's own preload in it. */
function foreignAnswers(app: StartedApp, channels: readonly string[]): Promise<string[]> {
  return app.electron.evaluate(async ({ app: electron, BrowserWindow }, names) => {
    const preload = `${electron.getAppPath()}/out/preload/index.cjs`;
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await window.loadURL('app://session-log/browser/index.html');
    const codes: string[] = [];
    for (const name of names)
      codes.push(
        (await window.webContents.executeJavaScript(
          `window.api.invoke(${JSON.stringify(name)}, {}).then((answer) => answer.error?.code ?? 'ok')`,
        )) as string,
      );
    window.destroy();
    return codes;
  }, channels as string[]);
}

test.describe('every channel refuses', () => {
  test('windows that are not ours, frames, lost frames and other origins', async ({ startApp }) => {
    const app = await startApp();
    await app.browser();
    const denied = CALLS.map(() => 'denied');
    expect(await foreignAnswers(app, CALLS)).toEqual(denied);
    const answers = await app.electron.evaluate(
      async ({ ipcMain, BrowserWindow }, [channel, names]) => {
        type Handler = (
          event: unknown,
          name: string,
          input: unknown,
        ) => Promise<{ error?: { code: string } }>;
        const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
        const handle = handlers.get(channel);
        const sender = BrowserWindow.getAllWindows()[0]?.webContents;
        if (handle === undefined || sender === undefined) throw new Error('nothing listens');
        const main = sender.mainFrame;
        const child = { url: main.url, isDestroyed: () => false };
        const lost = { url: main.url, isDestroyed: () => true };
        const found: Record<string, string[]> = { child: [], lost: [], gone: [] };
        for (const name of names) {
          const code = async (frame: unknown): Promise<string> =>
            (await handle({ sender, senderFrame: frame }, name, {})).error?.code ?? 'ok';
          found['child']?.push(await code(child));
          found['lost']?.push(await code(lost));
          found['gone']?.push(await code(null));
        }
        // Our own window, led elsewhere by somebody in the main process.
        await sender.loadURL('about:blank');
        const elsewhere = [];
        for (const name of names)
          elsewhere.push(
            (await handle({ sender, senderFrame: sender.mainFrame }, name, {})).error?.code ?? 'ok',
          );
        return { ...found, elsewhere };
      },
      [CALL_CHANNEL, [...CALLS]] as const,
    );
    expect(answers).toEqual({ child: denied, lost: denied, gone: denied, elsewhere: denied });
  });

  test('wrong types, keys of prototypes and 50 MB, and changes nothing', async ({ startApp, machine }) => {
    const app = await startApp();
    const page = await app.browser();
    const before = readFileSync(join(machine.home, 'settings.json'), 'utf8');
    const refused = CALLS.map((channel) => ({ channel, ok: false, code: 'invalid-input' }));
    for (const input of ['42', '"x"', '[]', '[{}]', '{"unknown":1}', '{"constructor":1}'])
      expect(await callAll(page, CALLS, input), input).toEqual(refused);
    // The bridge drops such keys on the way; sent past it, the router refuses them.
    expect(await pastBridge(app, '{"__proto__":{"a":1}}', 0)).toEqual(CALLS.map(() => 'invalid-input'));
    // Every channel is handed 50 MB where it arrives; over the bridge, one for all channels, they are copied for one of each limit.
    expect(await pastBridge(app, '{}', HUGE)).toEqual(CALLS.map(() => 'invalid-input'));
    const bridged = await page.evaluate(
      async ([channels, size]) => {
        const { api } = globalThis as unknown as {
          api: { invoke(channel: string, input: unknown): Promise<{ error?: { code: string } }> };
        };
        const text = 'x'.repeat(size);
        const codes = [];
        for (const channel of channels) codes.push((await api.invoke(channel, { text })).error?.code);
        return codes;
      },
      [BRIDGED, HUGE] as const,
    );
    expect(bridged).toEqual(BRIDGED.map(() => 'invalid-input'));
    expect(readFileSync(join(machine.home, 'settings.json'), 'utf8')).toBe(before);
  });

  test('paths outside of the logs', async ({ startApp }) => {
    const app = await startApp();
    const page = await app.browser();
    const uuid = '00000000-0000-4000-8000-000000000000';
    const paths = [
      '../../machine-id.json',
      '..',
      '/etc/passwd',
      'a/../../b.md',
      'C:\\x.md',
      'a\\..\\b.md',
      'x\u0000.md',
      '',
    ];
    for (const path of paths)
      for (const channel of ['logs.read', 'logs.row', 'logs.reveal', 'logs.openInEditor'])
        expect(await invoke(page, channel, { id: `${uuid}/${path}` }), `${channel} ${path}`).toMatchObject({
          ok: false,
          error: { code: 'invalid-input' },
        });
  });
});
