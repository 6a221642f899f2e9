import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../harness/app-test.ts';
import { logText } from '../harness/data-folder.ts';
import { callAll } from '../harness/page-api.ts';

/** The content of a file, which is there before it is whole; empty while there is none. */
function contentOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

test.describe('settings of the desktop', () => {
  test('app.launchAtLogin makes the entry that starts the app hidden, and takes it away', async ({
    startApp,
    machine,
    desktop,
  }) => {
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    const entry = join(desktop.home, '.config', 'autostart', 'session-log.desktop');
    await machine.cli('config', 'set', 'app.launchAtLogin', 'true');
    await expect.poll(() => contentOf(entry)).toContain('--hidden');
    await machine.cli('config', 'set', 'app.launchAtLogin', 'false');
    await expect.poll(() => existsSync(entry)).toBe(false);
  });

  test('app.theme changes the windows at once', async ({ startApp, machine }) => {
    const app = await startApp();
    const page = await app.browser();
    await expect(page.getByRole('main')).toBeVisible();
    const source = (): Promise<string> =>
      app.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource as string);
    await machine.cli('config', 'set', 'app.theme', 'dark');
    await expect.poll(source).toBe('dark');
    await machine.cli('config', 'set', 'app.theme', 'light');
    await expect.poll(source).toBe('light');
  });

  test('app.editor is the program that opens a log', async ({ startApp, machine, desktop }) => {
    const name = '2026-01-06-hal-edit.md';
    machine.log(name, logText({ title: 'Edit me' }));
    const [editor, opened] = [join(desktop.home, 'my editor.sh'), join(desktop.home, 'opened')];
    writeFileSync(editor, `#!/bin/sh\nprintf '%s' "$*" > '${opened}'\n`);
    chmodSync(editor, 0o755);
    await machine.cli('config', 'set', 'app.editor', `"${editor}" --wait`);
    const app = await startApp();
    const page = await app.browser();
    await expect(page.getByRole('main')).toBeVisible();
    const { machine_uuid: uuid } = JSON.parse(
      readFileSync(join(machine.home, 'machine-id.json'), 'utf8'),
    ) as { machine_uuid: string };
    const [answer] = await callAll(page, ['logs.openInEditor'], JSON.stringify({ id: `${uuid}/${name}` }));
    expect(answer).toMatchObject({ ok: true });
    await expect.poll(() => contentOf(opened)).toContain(name);
  });

  test('app.updateChannel and app.updateFeed say where updates are looked for', async ({
    startApp,
    machine,
  }) => {
    const app = await startApp();
    const page = await app.browser();
    await expect(page.getByRole('main')).toBeVisible();
    const check = async (): Promise<string> => (await callAll(page, ['update.check'], '{}'))[0]?.code ?? '';
    expect(await check()).toBe('not-configured');
    await machine.cli('config', 'set', 'app.updateFeed', 'https://127.0.0.1:9/');
    await machine.cli('config', 'set', 'app.updateChannel', 'stable');
    // Nobody serves this feed. A program that lies in a bare folder says that it cannot replace itself, never that it is the newest.
    await expect.poll(check).toMatch(/^(?:server|usage)$/);
    await machine.cli('config', 'set', 'app.updateChannel', 'off');
    await expect.poll(check).toBe('not-configured');
  });
});
