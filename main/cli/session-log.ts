import packageJson from '../../package.json' with { type: 'json' };
import { registrationsFor } from './command-table.ts';
import { runCli } from './run-cli.ts';
import { DESCRIPTION } from './whole-program.ts';

/** The program `session-log`. */
export async function runSessionLog(): Promise<void> {
  const registrations = await registrationsFor(process.argv.slice(2));
  await runCli('session-log', packageJson.version, (program, context) => {
    program.description(DESCRIPTION);
    for (const register of registrations) register(program, context);
  });
}
