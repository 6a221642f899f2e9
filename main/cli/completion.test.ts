import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { only } from '../testing/only.ts';
import { COMMANDS } from './command-table.ts';
import { completionNodes, completionScript } from './completion.ts';

const folder = mkdtempSync(join(tmpdir(), 'completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (shell: string): boolean => {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
};

/** A program with everything that ours has: nested and hidden commands, options with and without a value, quotes in a description. */
function sample(): Command {
  const program = new Command('session-log').version('1', '-V, --version');
  program
    .command('status')
    .description("what's here; costs $nothing `now`")
    .option('--check')
    .option('--json', 'print it');
  const hooks = program.command('hooks').description('hooks');
  hooks
    .command('install')
    .description('put them in')
    .option('--folder <folder>', 'there')
    .option('-f', 'short only');
  hooks.command('remove').description('take them out');
  program.command('secret', { hidden: true });
  return program;
}

const nodes = completionNodes(sample());

it('finds every command that help shows, with its long options', () => {
  expect(nodes.map(({ path }) => path)).toEqual(['', 'status', 'hooks', 'hooks install', 'hooks remove']);
  expect(nodes[0]?.commands.map(({ word }) => word)).toEqual(['status', 'hooks']);
  expect(nodes[3]?.options.map(({ word }) => word)).toEqual(['--folder', '--help']);
});

it('is made for every command of the table', async () => {
  const program = new Command('session-log');
  for (const { load } of COMMANDS) (await load())(program, {} as never);
  const paths = completionNodes(program).map(({ path }) => path);
  for (const { names } of COMMANDS) if (names[0] !== 'drain') expect(paths).toContain(names[0]);
  expect(paths).toContain('hooks install');
});

describe('the script', () => {
  const offer = (...words: string[]): readonly string[] => {
    const script = `${completionScript('bash', nodes)}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_session_log; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
    return out.split('\n').filter((word) => word !== '');
  };

  only(has('bash'), 'needs bash').it('offers in bash what may come next', () => {
    expect(offer('session-log', '')).toEqual(['status', 'hooks', '--version', '--help']);
    expect(offer('session-log', 'st')).toEqual(['status']);
    expect(offer('session-log', 'hooks', '')).toEqual(['install', 'remove', '--help']);
    expect(offer('session-log', 'hooks', 'install', '--f')).toEqual(['--folder']);
    // A value that is also the name of a command is no command.
    expect(offer('session-log', 'hooks', 'install', '--folder', 'status', '--')).toEqual([
      '--folder',
      '--help',
    ]);
    expect(offer('session-log', 'no such; $(touch x)', '--v')).toEqual(['--version']);
  });

  for (const [shell, check] of [
    ['bash', '-n'],
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ] as const)
    only(has(shell), `needs ${shell}`).it(`is accepted by ${shell}`, () => {
      const file = join(folder, shell);
      writeFileSync(file, completionScript(shell, nodes));
      expect(execFileSync(shell, [check, file], { encoding: 'utf8' })).toBe('');
    });
});
