import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onLinux } from '../../main/testing/only.ts';
import { builtProgram, git, runBuilt, type Ended } from './built-cli.ts';

const DYING_WRAPPER = fileURLToPath(new URL('dying-wrapper.ts', import.meta.url));

let root: string;
let started: ChildProcess[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-lock-')));
  git(root, 'init', '-q', '-b', 'main');
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started = [];
  rmSync(root, { recursive: true, force: true });
});

/** Runs a command under the lock that says `inside` and then goes on until the file `end` is there. */
function inside(script: string): Promise<ChildProcess> {
  return says([builtProgram(), 'lock', '--', 'sh', '-c', script]);
}

async function says(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  started.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', resolve));

/** Whether somebody else gets in now. */
const contend = (wait = '0'): Promise<Ended> =>
  runBuilt('cli.js', ['lock', '--wait', wait, '--', 'true'], { cwd: root });

// Ends with the folder as well: a test that fails leaves nothing running.
const UNTIL_END = 'while [ -e .git ] && [ ! -e end ]; do sleep 0.05; done';
const letEnd = (): void => writeFileSync(join(root, 'end'), '');
const locks = (): readonly string[] =>
  readdirSync(join(root, '.git')).filter((name) => name.includes('lock'));

describe('session-log lock -- <command>', () => {
  it.each(['SIGKILL', 'SIGHUP', 'SIGTERM', 'SIGINT'] as const)(
    'lets nobody in while the command runs, although its wrapper got %s',
    async (signal) => {
      // A shell that is busy takes note of a signal and goes on.
      const child = await inside(`trap '' HUP TERM INT; echo inside; ${UNTIL_END}`);
      child.kill(signal);
      // The second one ends every command at once.
      if (signal === 'SIGINT') child.kill(signal);
      if (signal === 'SIGKILL') await ended(child);
      expect((await contend()).code).toBe(75);
      expect((await contend('2')).code).toBe(75);
      letEnd();
      expect(await contend('10')).toMatchObject({ code: 0 });
      expect(locks()).toEqual([]);
    },
  );

  it('lets nobody in while a child of the command runs, when wrapper and command were killed', async () => {
    const child = await inside(`(${UNTIL_END}) & echo $! inside; kill -9 $PPID; kill -9 $$`);
    await ended(child);
    expect((await contend('2')).code).toBe(75);
    letEnd();
    expect((await contend('10')).code).toBe(0);
  });

  it('looks for a command that closed what it inherited', async () => {
    const child = await inside(`exec bash -c 'exec 42>&-; echo inside; ${UNTIL_END}'`);
    child.kill('SIGKILL');
    await ended(child);
    expect((await contend('2')).code).toBe(75);
    letEnd();
    expect((await contend('10')).code).toBe(0);
  });

  onLinux.it('looks for such a command also when its wrapper died before it could name it', async () => {
    const lock = join(root, '.git', 'session-log-sync.lock');
    const script = `exec bash -c 'exec 42>&-; echo inside; ${UNTIL_END}'`;
    await says([DYING_WRAPPER, lock, script]);
    expect((await contend('2')).code).toBe(75);
    letEnd();
    expect((await contend('10')).code).toBe(0);
  });

  it('gives the lock up when the command ends, whatever it left in the background', async () => {
    const child = await inside(`(${UNTIL_END}) >/dev/null & echo inside`);
    await ended(child);
    expect((await contend()).code).toBe(0);
    letEnd();
  });

  it('ends as the command does, also by a signal and when there is no such command', async () => {
    const run = (...words: string[]): Promise<Ended> =>
      runBuilt('cli.js', ['lock', '--', ...words], { cwd: root });
    expect((await run('sh', '-c', 'exit 5')).code).toBe(5);
    expect((await run('sh', '-c', 'kill -9 $$')).code).toBe(137);
    expect(await run('no-such-program')).toMatchObject({ code: 127 });
    expect(locks()).toEqual([]);
  });

  it('says 70 when the lock was removed, whatever the command ended with', async () => {
    const script = 'rm -rf .git/session-log-sync.lock; exit 5';
    expect(await runBuilt('cli.js', ['lock', '--', 'sh', '-c', script], { cwd: root })).toMatchObject({
      code: 70,
    });
  });

  it('waits no longer than it is wanted', async () => {
    await inside(`echo inside; ${UNTIL_END}`);
    const waiting = spawn(process.execPath, [builtProgram(), 'lock', '--', 'touch', 'entered'], {
      cwd: root,
    });
    started.push(waiting);
    await expect.poll(() => locks().filter((name) => name.includes('.t-')).length).toBe(1);
    waiting.kill('SIGKILL');
    await expect.poll(() => locks().filter((name) => name.includes('.t-')).length).toBe(0);
    letEnd();
    expect((await contend('10')).code).toBe(0);
    expect(existsSync(join(root, 'entered'))).toBe(false);
  });
});
