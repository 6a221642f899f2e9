import type { Command } from 'commander';
import type { CliContext } from './cli-context.ts';

/** The purpose of the program, in one sentence. */
export const DESCRIPTION =
  'Keeps, syncs and searches the session logs that AI coding agents leave on every machine of a team.';

/** The program with all its commands, of which a run loads only one: for the completion and the manual page. */
export async function wholeProgram(program: Command, context: CliContext): Promise<Command> {
  // Only the table knows all commands, and it leads back to the callers.
  const { registrationsFor } = await import('./command-table.ts');
  const whole = program.createCommand('session-log').version('0', '-V, --version').description(DESCRIPTION);
  for (const register of await registrationsFor([])) register(whole, context);
  return whole;
}
