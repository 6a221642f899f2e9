import type { Command } from 'commander';
import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { completionNodes, completionScript, SHELLS } from '../completion.ts';
import { wholeProgram } from '../whole-program.ts';

/** `session-log completion`: prints a shell's completion script for commands and options. */
export function registerCompletion(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description('print your shell’s completion script')
    .argument('<shell>', SHELLS.join(', '))
    .addHelpText('after', HELP)
    .action(async (shell: string) =>
      finish(context, false, await scriptFor(shell, program, context), String),
    );
}

const HELP = `
bash: eval "$(session-log completion bash)"     in ~/.bashrc
zsh:  eval "$(session-log completion zsh)"      in ~/.zshrc, after compinit
fish: session-log completion fish | source      in ~/.config/fish/config.fish`;

async function scriptFor(name: string, program: Command, context: CliContext): Answer<string> {
  const shell = SHELLS.find((one) => one === name);
  if (shell === undefined)
    return fail(
      'usage',
      `There is no script for the shell "${name}".`,
      `Possible are: ${SHELLS.join(', ')}.`,
    );
  return ok(completionScript(shell, completionNodes(await wholeProgram(program, context))));
}
