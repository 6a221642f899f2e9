import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { npmCommand, runCommand } from './run-command.mjs';

const cwd = process.cwd();

describe('runCommand', () => {
  it('gives the exit code and the end of the output of both streams', async () => {
    const result = await runCommand(
      process.execPath,
      ['-e', 'console.log("out"); console.error("err"); process.exit(3)'],
      {
        cwd,
        show: 'none',
      },
    );
    expect(result.code).toBe(3);
    expect(result.timedOut).toBe(false);
    expect(result.tail.split('\n').sort()).toEqual(['err', 'out']);
  });

  it('ends what runs past its deadline, with what that started', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      console.log(inner.pid);
      setInterval(() => {}, 1000);
    `;
    const result = await runCommand(process.execPath, ['-e', script], {
      cwd,
      show: 'none',
      deadlineMs: 1500,
    });
    expect(result.timedOut).toBe(true);
    expect(result.code).toBe(128);
    await expect.poll(() => isRunning(Number(result.tail))).toBe(false);
  });

  it('reports silence, and stops when output comes', async () => {
    let calls = 0;
    await runCommand(process.execPath, ['-e', 'setTimeout(() => {}, 400)'], {
      cwd,
      show: 'none',
      silenceMs: 100,
      onSilence: () => {
        calls += 1;
      },
    });
    expect(calls).toBeGreaterThanOrEqual(1);
  });

  it('gives 127 and the reason for a program that does not exist', async () => {
    const result = await runCommand('/no/such/program', [], { cwd, show: 'none' });
    expect(result.code).toBe(127);
    expect(result.tail).toContain('ENOENT');
  });
});

/** Tells whether a process runs; one that has ended and waits only to be collected does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('npmCommand', () => {
  it('prefers the npm that runs this script, with the Node that it belongs to', () => {
    const env = { npm_execpath: '/opt/npm/bin/npm-cli.js', npm_node_execpath: '/opt/node' };
    expect(npmCommand(env)).toEqual({ command: '/opt/node', args: ['/opt/npm/bin/npm-cli.js'], env });
    expect(npmCommand({ npm_execpath: '/opt/npm/bin/npm-cli.js' }).command).toBe(process.execPath);
  });

  it.skipIf(process.platform === 'win32')('does not mistake another package manager for npm', () => {
    expect(npmCommand({ npm_execpath: '/opt/pnpm/bin/pnpm' })).toMatchObject({ command: 'npm', args: [] });
  });

  it.skipIf(process.platform === 'win32')("keeps the project's own Node from npm, and nothing else", () => {
    const own = ['/x/node_modules/.bin', '/x/node_modules/node/bin'];
    const { env } = npmCommand({ PATH: [...own, '/usr/bin', '/opt/node/bin'].join(':'), HOME: '/root' });
    expect(env).toEqual({ PATH: '/usr/bin:/opt/node/bin', HOME: '/root' });
  });
});
