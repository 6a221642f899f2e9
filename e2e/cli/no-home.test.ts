import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { only } from '../../main/testing/only.ts';
import { builtProgram, type Ended } from './built-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'session-log-no-home-'));
chmodSync(folder, 0o777);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A user id that the system has no entry for, as a container is started with. */
const STRANGER = ['--reuid', '54321', '--regid', '54321', '--clear-groups', 'env', '-i'];
/** It must be able to read the built program too. */
const canPlay = process.getuid?.() === 0 && asStranger(['test', '-r', builtProgram()]);

function asStranger(command: readonly string[]): boolean {
  return spawnSync('setpriv', [...STRANGER, `PATH=${process.env['PATH']}`, ...command]).status === 0;
}

function run(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Ended> {
  const set = Object.entries({ PATH: process.env['PATH'] ?? '', ...env }).map(
    ([key, value]) => `${key}=${value}`,
  );
  return new Promise((settle) => {
    const args = [...STRANGER, ...set, process.execPath, builtProgram(), ...words];
    const child = execFile('setpriv', args, (error, out, err) => {
      settle({ code: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.end('{}');
  });
}

describe('a user whom the system does not know, without HOME', () => {
  const test = only(canPlay, 'needs root, setpriv, and a program that everybody may read');

  test.it('works in the folder that SESSION_LOG_HOME names', async () => {
    const env = { SESSION_LOG_HOME: folder };
    for (const words of [['--version'], ['status'], ['list'], ['sync', '--push'], ['whoami']])
      expect({ words, err: (await run(env, ...words)).err }).not.toMatchObject({
        err: expect.stringMatching(/homedir|went wrong|at node:/),
      });
    expect((await run(env, 'sync', '--push')).code).toBe(0);
  });

  test.it('is told what to set, and no hook ends with anything but 0', async () => {
    expect(await run({}, '--version')).toMatchObject({ code: 0, err: '' });
    expect(await run({}, 'status')).toMatchObject({
      code: 78,
      err: expect.stringContaining('Set SESSION_LOG_HOME to the data folder'),
    });
    expect(await run({}, 'hooks', 'status')).toMatchObject({ code: 78 });
    for (const event of ['session-start', 'session-end']) {
      expect(await run({}, 'hook', event, '--agent', 'claude-code')).toMatchObject({ code: 0, err: '' });
    }
  });
});
