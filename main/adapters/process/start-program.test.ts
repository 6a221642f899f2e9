import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { onPosix } from '../../testing/only.ts';
import { runInForeground, startDetached } from './start-program.ts';

const node = process.execPath;
const folder = mkdtempSync(join(tmpdir(), 'session-log-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('starts a program that goes on by itself, in the folder it is given', async () => {
  const script = "require('node:fs').writeFileSync('made', '')";
  expect(await startDetached(node, ['-e', script], { cwd: folder })).toBeNull();
  await vi.waitFor(() => expect(existsSync(join(folder, 'made'))).toBe(true), 20_000);
});

it('says why a program does not run', async () => {
  expect(await startDetached('/nowhere/editor', [])).toBe('ENOENT');
  expect(await startDetached(node, [], { cwd: join(import.meta.filename, 'x') })).toMatch(
    /^ENO(?:TDIR|ENT)$/,
  );
  expect(await startDetached(node, ['-e', 'process.exit(3)'], { watchMs: 20_000 })).toBe('ended with 3');
  expect(await startDetached(node, ['-e', ''], { watchMs: 20_000 })).toBeNull();
  expect(await startDetached(node, ['-e', 'setTimeout(() => {}, 3000)'], { watchMs: 10 })).toBeNull();
});

it('runs a program in the foreground and gives its exit code', async () => {
  let started = 0;
  const call = {
    program: node,
    args: ['-e', 'process.exit(4)'],
    onStarted: (pid: number) => (started = pid),
  };
  expect(await runInForeground(call)).toEqual({ code: 4, signal: null, problem: null });
  expect(started).toBeGreaterThan(0);
  expect(await runInForeground({ program: '/nowhere/vi', args: [] })).toMatchObject({ problem: 'ENOENT' });
});

onPosix.it('hands signals on to the program, and takes its hands off when it has ended', async () => {
  // Other files of the same worker may have listeners of their own, and take them away meanwhile.
  const before = process.listeners('SIGHUP');
  const end = await runInForeground({
    program: node,
    args: ['-e', "process.kill(process.ppid, 'SIGHUP'); setTimeout(() => {}, 30_000)"],
    handOn: ['SIGHUP'],
  });
  expect(end).toEqual({ code: null, signal: 'SIGHUP', problem: null });
  expect(process.listeners('SIGHUP').filter((listener) => !before.includes(listener))).toEqual([]);
});
