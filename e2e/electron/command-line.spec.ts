import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLauncher } from '../../main/core/launcher/launcher-script.ts';
import { expect, test } from '../harness/app-test.ts';
import {
  cleanUser,
  EXPECTED_FIRST_MINUTES,
  liveFirstMinutes,
  run,
  versionOf,
} from '../harness/installed-program.ts';

const ROOT = dirname(dirname(import.meta.dirname));

test.describe('the command line that the app carries', () => {
  test('lives its first minutes on a machine without Node', async ({ packed, desktop }) => {
    test.skip(packed === '', 'needs the packed app');
    // Away from the repository, in whose node_modules it would find what it lacks.
    const carried = join(desktop.home, 'opt', 'cli');
    cpSync(join(dirname(packed), 'resources', 'cli'), carried, { recursive: true });
    const command = join(carried, 'bin', 'session-log');
    const lived = await liveFirstMinutes({ command, env: cleanUser(join(desktop.home, 'ada')) });
    expect(lived).toEqual({ version: versionOf(ROOT), ...EXPECTED_FIRST_MINUTES });
  });

  test('is installed by the settings, from an AppImage too, and taken off by one command', async ({
    startApp,
    packed,
    desktop,
  }) => {
    // What an AppImage's runtime says of its mount, which is another at every start.
    const mount = dirname(packed);
    const app = await startApp({ env: { APPIMAGE: '/home/ada/Session Log.AppImage', APPDIR: mount } });
    const page = await app.browser();
    await page.evaluate(() => {
      window.location.hash = '#/settings/app';
    });
    const section = page.getByRole('region', { name: 'Command line' });
    await section.getByRole('button', { name: 'Install command line tool' }).click();
    const launcher = join(desktop.home, '.local', 'bin', 'session-log');
    await expect(section.getByText(`Installed: ${launcher}`)).toBeVisible({ timeout: 30_000 });
    const target = readLauncher(readFileSync(launcher, 'utf8'));
    expect(target?.node.startsWith(mount)).toBe(false);
    expect(target?.cli.startsWith(mount)).toBe(false);

    const program = { command: launcher, env: cleanUser(desktop.home) };
    expect(await run(program, ['--version'])).toMatchObject({ code: 0, out: `${versionOf(ROOT)}\n` });
    expect((await run(program, ['hooks', 'install'])).code).toBe(0);
    const settings = join(desktop.home, '.claude', 'settings.json');
    expect(readFileSync(settings, 'utf8')).toContain(`"${launcher} hook session-end --agent claude-code"`);

    expect((await run(program, ['uninstall'])).code).toBe(64);
    const gone = await run(program, ['uninstall', '--yes']);
    expect(gone).toMatchObject({ code: 0, err: '' });
    expect(gone.out).toContain(`launcher  ${launcher}: removed`);
    expect(existsSync(settings)).toBe(false);
    expect(await run(program, ['--version'])).toMatchObject({ code: -1 });
  });
});
