import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AppError } from '../../../shared/app-error.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { openDesk } from '../../compose/open-desk.ts';
import { whoami } from '../../core/save/whoami.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { forPeople } from '../terminal-encoding.ts';

interface WhoamiOptions {
  readonly workspace?: string;
  readonly json?: boolean;
}

/** `session-log whoami`: the User block, from identity.json and users.json alone. */
export function registerWhoami(program: Command, context: CliContext): void {
  program
    .command('whoami')
    .description('print the User block of this machine, as save writes it')
    .option('--workspace <folder>', 'a folder of the work tree (the current folder)')
    .option('--json', 'print one JSON envelope')
    .action((options: WhoamiOptions) => runWhoami(context, options));
}

async function runWhoami(context: CliContext, options: WhoamiOptions): Promise<void> {
  const json = options.json ?? false;
  const desk = openDesk();
  if (!desk.ok) return finish(context, json, desk, () => '');
  const found = await whoami(desk.value.files, {
    cwd: context.cwd,
    workspace: options.workspace === undefined ? null : resolve(context.cwd, options.workspace),
    registered: desk.value.settings.git.workspaces,
    hostname: desk.value.hostname,
  });
  // The block of a stale identity is shown, with a warning nobody can miss and an exit code that stops a script.
  const stale = (error: AppError): string =>
    typeof error.details?.['block'] === 'string'
      ? `${error.details['block']}\n\n[WARNING] ${error.message}`
      : '';
  finish(
    context,
    json,
    found,
    (who) =>
      forPeople(
        forTerminal([who.block, ...who.warnings.map((warning) => `\n[WARN] ${warning}`)].join('\n')),
        context.env,
      ),
    (error) => forPeople(forTerminal(stale(error)), context.env),
  );
}
