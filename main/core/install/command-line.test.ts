import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createFolderCopies } from '../../adapters/disk/folder-copies.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { createNodeDigest } from '../../adapters/system/node-digest.ts';
import { onPosix } from '../../testing/only.ts';
import {
  commandLineState,
  installCommandLine,
  lastingLaunchWords,
  launchWords,
  refreshCommandLine,
  removeCommandLine,
  type CommandLineDeps,
  type CommandLinePlace,
} from './command-line.ts';
import { launcherScript, readLauncher } from '../launcher/launcher-script.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "command line's-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An app with a command line that says what it is and what it was given. */
function makeApp(name: string): CommandLinePlace['program'] {
  const cli = join(root, name, 'out/main/cli.js');
  const node = join(root, name, 'bin/node');
  for (const file of [cli, node]) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(cli, `// ${name}\n`);
  writeFileSync(node, `#!/bin/sh\nhead -n 1 "$1"; shift; printf '<%s>' "$@"\n`);
  chmodSync(node, 0o755);
  return { node, cli };
}

function on(change: Partial<CommandLinePlace> = {}): CommandLineDeps {
  return {
    files: createNodeFiles(),
    bytes: createNodeDigest(),
    copies: createFolderCopies(join(root, 'copies')),
    place: {
      kind: 'app',
      program: { node: join(root, 'one/bin/node'), cli: join(root, 'one/out/main/cli.js') },
      version: '1.2.3',
      moves: false,
      launcher: join(root, 'bin/session-log'),
      system: [],
      searchPath: ['/usr/bin'],
      windows: false,
      ...change,
    },
  };
}

const stateOf = async (deps: CommandLineDeps) => unwrap(await commandLineState(deps));
const start = (path: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

it('says of a program of npm or of a clone that there is nothing to install', async () => {
  const npm = on({ kind: 'npm' });
  expect(await stateOf(npm)).toMatchObject({ state: 'installed', by: 'npm', onPath: true });
  const clone = on({ kind: 'source' });
  expect(unwrap(await installCommandLine(clone))).toMatchObject({ by: 'source', onPath: false });
  expect(await launchWords(clone)).toEqual([clone.place.program.node, clone.place.program.cli]);
  expect(existsSync(clone.place.launcher)).toBe(false);
});

onPosix.it('installs a launcher that starts the program with every word as it was given', async () => {
  makeApp('one');
  const deps = on();
  expect(await stateOf(deps)).toMatchObject({ state: 'absent', by: 'app' });
  expect(unwrap(await installCommandLine(deps))).toMatchObject({ state: 'installed', onPath: false });
  expect(start(deps.place.launcher, 'a b', "c'd", '', '$HOME')).toEqual({
    status: 0,
    stdout: "// one\n<a b><c'd><><$HOME>",
    stderr: '',
  });
  expect(await launchWords(deps)).toEqual([deps.place.launcher]);
  const seen = on({ searchPath: [dirname(deps.place.launcher)] });
  expect(await stateOf(seen)).toMatchObject({ state: 'installed', onPath: true });
});

onPosix.it('is silent in hooks and clear elsewhere when what it starts is gone', async () => {
  makeApp('one');
  const deps = on();
  await installCommandLine(deps);
  renameSync(join(root, 'one'), join(root, 'moved'));
  expect(await stateOf(deps)).toMatchObject({ state: 'gone' });
  expect(start(deps.place.launcher, 'hook', 'session-start')).toEqual({ status: 0, stdout: '', stderr: '' });
  const told = start(deps.place.launcher, 'status');
  expect(told).toMatchObject({ status: 78, stdout: '' });
  expect(told.stderr).toContain('Start the app once');
});

onPosix.it('follows the app to its new place at its next start, and only when it was installed', async () => {
  makeApp('one');
  const there = makeApp('two');
  const moved = on({ program: there });
  expect(unwrap(await refreshCommandLine(moved))).toMatchObject({ state: 'absent' });
  await installCommandLine(on());
  expect(await stateOf(moved)).toMatchObject({ state: 'old' });
  expect(await launchWords(moved)).toEqual([moved.place.launcher]);
  expect(unwrap(await refreshCommandLine(moved))).toMatchObject({ state: 'installed' });
  expect(start(moved.place.launcher).stdout).toContain('// two');
});

onPosix.it('starts a copy where the place of the app does not stay, and keeps one copy', async () => {
  makeApp('mount-1');
  const at = (name: string): CommandLineDeps =>
    on({
      moves: true,
      program: { node: join(root, name, 'bin/node'), cli: join(root, name, 'out/main/cli.js') },
    });
  expect(unwrap(await installCommandLine(at('mount-1')))).toMatchObject({ state: 'installed' });
  // The next start of the same app: another mount, nothing to do.
  renameSync(join(root, 'mount-1'), join(root, 'mount-2'));
  expect(await stateOf(at('mount-2'))).toMatchObject({ state: 'installed' });
  expect(start(at('mount-2').place.launcher).stdout).toContain('// mount-1');
  // A newer app of the same version.
  makeApp('mount-3');
  expect(await stateOf(at('mount-3'))).toMatchObject({ state: 'old' });
  expect(unwrap(await refreshCommandLine(at('mount-3')))).toMatchObject({ state: 'installed' });
  rmSync(join(root, 'mount-3'), { recursive: true });
  expect(start(at('mount-3').place.launcher).stdout).toContain('// mount-3');
  expect(readdirSync(join(root, 'copies'))).toHaveLength(1);
});

onPosix.it('leaves what another program has put there, and still has words for hooks', async () => {
  makeApp('one');
  const deps = on();
  mkdirSync(dirname(deps.place.launcher));
  symlinkSync('/usr/bin/true', deps.place.launcher);
  expect(await stateOf(deps)).toMatchObject({ state: 'foreign' });
  expect(await installCommandLine(deps)).toMatchObject({ ok: false, error: { code: 'attention' } });
  expect(unwrap(await removeCommandLine(deps))).toMatchObject({ state: 'foreign' });
  expect(unwrap(await lastingLaunchWords(deps))).toEqual([deps.place.program.node, deps.place.program.cli]);
  expect(existsSync(deps.place.launcher)).toBe(true);
});

onPosix.it('removes launcher and copies, and nothing twice', async () => {
  makeApp('one');
  const deps = on({ moves: true });
  expect(unwrap(await lastingLaunchWords(deps))).toEqual([deps.place.launcher]);
  expect(unwrap(await removeCommandLine(deps))).toMatchObject({ state: 'absent' });
  expect(unwrap(await removeCommandLine(deps))).toMatchObject({ state: 'absent' });
  expect(existsSync(join(root, 'copies'))).toBe(false);
});

onPosix.it('uses the command that a package of the system has brought with it', async () => {
  makeApp('one');
  const command = join(root, 'usr-bin-session-log');
  const deps = on({ system: [command], searchPath: [root] });
  expect(await stateOf(deps)).toMatchObject({ state: 'absent' });
  writeFileSync(command, launcherScript(deps.place.program, 'the package'), { mode: 0o755 });
  expect(await stateOf(deps)).toMatchObject({
    state: 'installed',
    by: 'system',
    path: command,
    onPath: true,
  });
  expect(await launchWords(deps)).toEqual([command]);
  expect(existsSync(deps.place.launcher)).toBe(false);
  // Another app's package is no command of this one.
  writeFileSync(command, launcherScript({ node: '/opt/other/node', cli: '/opt/other/cli.js' }, 'other'));
  expect(await stateOf(deps)).toMatchObject({ state: 'absent' });
});

it('names the command that lies in the folder of the app on Windows', async () => {
  const deps = on({
    windows: true,
    program: { node: 'C:/App/cli/bin/node.exe', cli: 'C:/App/cli/out/main/cli.js' },
  });
  expect(await stateOf(deps)).toMatchObject({
    state: 'installed',
    by: 'system',
    path: 'C:/App/cli/bin/session-log.cmd',
    onPath: false,
  });
  expect(await launchWords(deps)).toEqual([deps.place.program.node, deps.place.program.cli]);
});

it.each(['/plain/node', '/it\'s here/no"de', '/a $(touch x) `b`/node', '/new\\nline'])(
  'reads back what it has written: %j',
  (path) => {
    const program = { node: path, cli: `${path}.js` };
    expect(readLauncher(launcherScript(program, 'Session Log 1'))).toEqual(program);
  },
);

it.each([
  '',
  '#!/bin/sh\n',
  '#!/bin/sh\n# session-log:launcher\n',
  "#!/bin/sh\nnode='/a'\ncli='/b'\n",
  '\0'.repeat(300),
])('knows that this is no launcher of ours: %j', (text) => expect(readLauncher(text)).toBeNull());

onPosix.it('is a script that every sh accepts', () => {
  const text = launcherScript({ node: "/a'b", cli: '/c d' }, 'Session Log 1');
  const file = join(root, 'launcher');
  writeFileSync(file, text);
  expect(execFileSync('sh', ['-n', file]).toString()).toBe('');
  expect(readFileSync(file, 'utf8')).toBe(text);
});

onPosix.it('makes the launcher a program for its owner, readable for all', async () => {
  makeApp('one');
  const deps = on();
  await installCommandLine(deps);
  expect(statSync(deps.place.launcher).mode & 0o777).toBe(0o755);
});
