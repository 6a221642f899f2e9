import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { carriedFor } from './carried-cli.mjs';
import { writeCommand } from './carried-files.mjs';
import { CARRIED_NODES } from './carried-node.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carried cli-'));
  mkdirSync(join(root, 'bin'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

it.each([
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'arm64'],
  ['darwin', 'x64'],
  ['win32', 'x64'],
  ['win32', 'arm64'],
] as const)('has a Node to carry for %s on %s, pinned and new enough', (platform, arch) => {
  const targets = carriedFor(platform, arch).flatMap((carried) => carried.targets);
  expect(targets.length).toBeGreaterThan(0);
  for (const target of targets) {
    const node = CARRIED_NODES[target];
    expect(node?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Number(node?.version.split('.')[0])).toBeGreaterThanOrEqual(22);
    const licensed = node?.licenceOf === undefined ? node : CARRIED_NODES[node.licenceOf];
    expect(licensed?.version, 'whose licence it takes').toBe(node?.version);
  }
});

it.skipIf(process.platform === 'win32')('finds its Node from wherever it is called, by a link too', () => {
  writeCommand(root, 'linux');
  program(join(root, 'bin/node'), 'printf "%s|" "$@"');
  symlinkSync(join(root, 'bin/session-log'), join(root, 'link'));
  const out = execFileSync(join(root, 'link'), ['a b', ''], { encoding: 'utf8', cwd: '/' });
  expect(out).toBe(`${join(root, 'bin')}/../out/main/cli.js|a b||`);
});

it.skipIf(process.platform === 'win32')('takes the Node of the kind of Mac that it runs on', () => {
  writeCommand(root, 'darwin');
  for (const arch of ['arm64', 'x64']) program(join(root, `bin/node-${arch}`), `echo ${arch}`);
  const path = join(root, 'path');
  mkdirSync(path);
  for (const [machine, arch] of [
    ['arm64', 'arm64'],
    ['x86_64', 'x64'],
  ] as const) {
    program(join(path, 'uname'), `echo ${machine}`);
    const env = { PATH: `${path}:/usr/bin:/bin` };
    expect(execFileSync(join(root, 'bin/session-log'), [], { env, encoding: 'utf8' })).toBe(`${arch}\n`);
  }
});

it('is a batch file with the lines of Windows there, beside the script that changes the path', () => {
  writeCommand(root, 'win32');
  expect(readFileSync(join(root, 'bin/session-log.cmd'), 'utf8')).toBe(
    '@"%~dp0node.exe" "%~dp0..\\out\\main\\cli.js" %*\r\n',
  );
  expect(readFileSync(join(root, 'bin/user-path.mjs'), 'utf8')).toContain('changeUserPath');
});
