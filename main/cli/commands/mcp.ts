import type { Command } from 'commander';
import { appError } from '../../../shared/app-error.ts';
import { err } from '../../../shared/result.ts';
import { finish, type CliContext } from '../cli-context.ts';

/** `session-log mcp`: this program's tools for agents, by the Model Context Protocol. */
export function registerMcp(program: Command, context: CliContext): void {
  program
    .command('mcp')
    .description(
      'serve agents: search, read and save logs by the Model Context Protocol, on standard input and output',
    )
    .action(async () => {
      if (process.stdin.isTTY) {
        const error = appError(
          'usage',
          'This command talks to an agent, not to a person.',
          'Register it with your agent, which then starts it: session-log hooks install',
        );
        return finish(context, false, err(error), () => '');
      }
      const { serveMcp } = await import('../mcp/serve-mcp.ts');
      return serveMcp(context);
    });
}
