import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { onPosix } from '../../testing/only.ts';
import { runSystemProgram } from './system-program.ts';

const node = process.execPath;

describe('a program of the system', () => {
  it('gives the output', async () => {
    expect(await runSystemProgram(node, ['-e', 'console.log(process.env.LC_ALL)'], 30_000)).toEqual({
      ran: true,
      code: 0,
      stdout: 'C\n',
      stderr: '',
      problem: null,
    });
  });

  it('gives the output of a program that ends with an error, and says so', async () => {
    const output = await runSystemProgram(node, ['-e', 'console.log(1); process.exitCode = 3'], 30_000);
    expect(output).toMatchObject({ ran: true, stdout: '1\n' });
    expect(output.problem).toMatch(/ended with 3$/);
  });

  it('kills a program that does not answer', async () => {
    const output = await runSystemProgram(node, ['-e', 'setInterval(() => {}, 1000)'], 200);
    expect(output.ran).toBe(false);
    expect(output.problem).toMatch(/did not answer in 200 ms$/);
  });

  it('says that there is no such program', async () => {
    const output = await runSystemProgram('/nowhere/ioreg', [], 1000);
    expect(output).toMatchObject({
      ran: false,
      code: null,
      stdout: '',
      problem: 'ioreg could not be run (ENOENT)',
    });
  });

  it('gives its input to the program, and more variables', async () => {
    const echo = 'process.stdin.pipe(process.stdout); process.stderr.write(process.env.MORE)';
    const end = await runSystemProgram(node, ['-e', echo], 30_000, { stdin: 'asked', env: { MORE: 'm' } });
    expect(end).toEqual({ ran: true, code: 0, stdout: 'asked', stderr: 'm', problem: null });
  });

  it('stops a program that prints without end', async () => {
    const flood = 'const b = Buffer.alloc(1 << 20); const w = () => process.stdout.write(b, w); w()';
    const end = await runSystemProgram(node, ['-e', flood], 30_000);
    expect(end).toMatchObject({ ran: false, stdout: '' });
    expect(end.problem).toMatch(/printed more than 33554432 bytes$/);
  });

  onPosix.it(
    'kills what the program started, too, and does not wait for a daemon that keeps its output',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'session-log-program-'));
      const pid = join(folder, 'pid');
      const stuck = await runSystemProgram('sh', ['-c', `sleep 1000 & echo $! > '${pid}'; wait`], 500);
      expect(stuck.problem).toBe('sh did not answer in 500 ms');
      await vi.waitFor(
        () => expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow(),
        10_000,
      );
      const started = performance.now();
      const left = await runSystemProgram('sh', ['-c', `sleep 20 & echo $! > '${pid}'; echo done`], 30_000);
      process.kill(Number(readFileSync(pid, 'utf8')));
      expect(left).toMatchObject({ ran: true, stdout: 'done\n' });
      expect(performance.now() - started).toBeLessThan(15_000);
      rmSync(folder, { recursive: true });
    },
  );
});
