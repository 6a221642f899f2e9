import type { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { CliContext } from '../cli-context.ts';
import { manPage } from '../man-page.ts';
import { wholeProgram } from '../whole-program.ts';

/** `session-log man`: prints the manual page installed by packages. */
export function registerMan(program: Command, context: CliContext): void {
  program
    .command('man')
    .description('print the manual page, where it is not installed: session-log man | man -l -')
    .action(async () => {
      // The page's own escapes stay unchanged.
      context.outAsIs(manPage(await wholeProgram(program, context), packageJson.version));
    });
}
