import packageJson from '../../package.json' with { type: 'json' };
import { COMMANDS, registrationsFor } from './command-table.ts';
import { runCli } from './run-cli.ts';
import { DESCRIPTION } from './whole-program.ts';

const EXAMPLES = `
Examples:
  session-log setup                     set everything up, question by question
  session-log list --date yesterday     the sessions of yesterday, on every machine
  session-log search "retry queue"      who worked on this before?
  session-log sync                      push what is new, see what others pushed
  session-log search --help             the options of one command`;

/** The program `session-log`. */
export async function runSessionLog(): Promise<void> {
  const registrations = await registrationsFor(process.argv.slice(2));
  await runCli('session-log', packageJson.version, (program, context) => {
    program.description(DESCRIPTION);
    for (const register of registrations) register(program, context);
    program.commandsGroup('For the shell:').addHelpText('after', EXAMPLES);
    for (const { names, group } of COMMANDS)
      program.commands.find((command) => command.name() === names[0])?.helpGroup(`${group}:`);
  });
}
