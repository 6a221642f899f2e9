import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { onPosix } from '../testing/only.ts';
import { commandLinePlace, type ProcessFacts } from './command-line.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'command-line-place-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(...path: string[]): string {
  const whole = join(root, ...path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, '');
  return whole;
}

const facts = (change: Partial<ProcessFacts>): ProcessFacts => ({
  module: join(root, 'clone/out/main/chunk.mjs'),
  execPath: '/usr/lib/node/24/node',
  arch: 'x64',
  platform: 'linux',
  isElectron: false,
  env: {},
  userHome: '/home/ada',
  ...change,
});

onPosix.it('knows a clone, and starts its build with the Node that runs', () => {
  expect(commandLinePlace(facts({}))).toMatchObject({
    kind: 'source',
    program: { node: '/usr/lib/node/24/node', cli: join(root, 'clone/out/main/cli.js') },
    launcher: '/home/ada/.local/bin/session-log',
  });
});

onPosix.it("knows npm's folder, and names the Node of its prefix, which survives updates of Node", () => {
  const real = file('Cellar/node/24.1.0/bin/node');
  mkdirSync(join(root, 'prefix/bin'), { recursive: true });
  symlinkSync(real, join(root, 'prefix/bin/node'));
  const module = file('prefix/lib/node_modules/session-log/out/main/chunk.mjs');
  expect(commandLinePlace(facts({ module, execPath: real }))).toMatchObject({
    kind: 'npm',
    program: {
      node: join(root, 'prefix/bin/node'),
      cli: join(root, 'prefix/lib/node_modules/session-log/out/main/cli.js'),
    },
    moves: false,
  });
  expect(commandLinePlace(facts({ module, execPath: '/opt/other/node' })).program.node).toBe(
    '/opt/other/node',
  );
});

onPosix.it('knows the command line that the app carries, from inside of it and from the app', () => {
  const node = file('App/resources/cli/bin/node');
  const program = { node, cli: join(root, 'App/resources/cli/out/main/cli.js') };
  const inside = facts({ module: file('App/resources/cli/out/main/chunk.mjs'), execPath: node });
  expect(commandLinePlace(inside)).toMatchObject({ kind: 'app', program, moves: false });
  const app = facts({ module: join(root, 'App/resources/app.asar/out/main/chunk.mjs'), isElectron: true });
  expect(commandLinePlace(app)).toMatchObject({ kind: 'app', program, moves: false });
});

onPosix.it('knows that the mount of an AppImage and a translocated app do not stay', () => {
  const env = { APPIMAGE: '/home/ada/Session.AppImage', APPDIR: join(root, 'mount') };
  file('mount/resources/cli/bin/node');
  const module = join(root, 'mount/resources/app.asar/out/main/chunk.mjs');
  expect(commandLinePlace(facts({ module, env, isElectron: true })).moves).toBe(true);
  // An app that was started from a terminal inside another AppImage.
  const elsewhere = join(root, 'App/resources/app.asar/out/main/chunk.mjs');
  expect(commandLinePlace(facts({ module: elsewhere, env, isElectron: true })).moves).toBe(false);
  const mac = '/private/var/folders/x/AppTranslocation/1/d/A.app/Contents/Resources/app.asar/out/main/c.mjs';
  expect(commandLinePlace(facts({ module: mac, platform: 'darwin', isElectron: true })).moves).toBe(true);
});

onPosix.it('takes the Node of the machine that it runs on from an app for two', () => {
  const [arm, intel] = ['arm64', 'x64'].map((arch) =>
    file('A.app/Contents/Resources/cli/bin', `node-${arch}`),
  );
  const module = join(root, 'A.app/Contents/Resources/app.asar/out/main/c.mjs');
  const on = (arch: string): string =>
    commandLinePlace(facts({ module, arch, platform: 'darwin', isElectron: true })).program.node;
  expect(on('arm64')).toBe(arm);
  expect(on('x64')).toBe(intel);
});

it('looks for commands where the shell does', () => {
  expect(
    commandLinePlace(facts({ env: { PATH: ['/a/', '/b'].join(process.platform === 'win32' ? ';' : ':') } }))
      .searchPath,
  ).toEqual(['/a', '/b']);
});
