import { describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

const node = process.execPath;

describe('runCommand', () => {
  it('gives the output', async () => {
    expect(await runCommand(node, ['-e', 'console.log(process.env.LC_ALL)'], 30_000)).toEqual({
      ran: true,
      stdout: 'C\n',
      problem: null,
    });
  });

  it('gives the output of a program that ends with an error, and says so', async () => {
    const output = await runCommand(node, ['-e', 'console.log(1); process.exitCode = 3'], 30_000);
    expect(output).toMatchObject({ ran: true, stdout: '1\n' });
    expect(output.problem).toMatch(/ended with 3$/);
  });

  it('kills a program that does not answer', async () => {
    const output = await runCommand(node, ['-e', 'setInterval(() => {}, 1000)'], 200);
    expect(output.ran).toBe(false);
    expect(output.problem).toMatch(/did not answer in 200 ms$/);
  });

  it('says that there is no such program', async () => {
    const output = await runCommand('/nowhere/ioreg', [], 1000);
    expect(output).toEqual({ ran: false, stdout: '', problem: 'ioreg could not be run (ENOENT)' });
  });
});
