import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AppError } from '../../../shared/app-error.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { openLocal } from '../../compose/open-local.ts';
import { whoami } from '../../core/workflows/whoami.ts';
import { authorPlaceOf } from '../../core/workflows/save-place.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { forPeople } from '../terminal-encoding.ts';

export interface WhoamiOptions {
  /** True for `--set` without a name. */
  readonly set?: string | true;
  readonly user?: string;
  readonly email?: string;
  readonly yes?: boolean;
  readonly workspace?: string;
  readonly json?: boolean;
}

/** `session-log whoami`: who signs logs saved from here; also sets it. */
export function registerWhoami(program: Command, context: CliContext): void {
  program
    .command('whoami')
    .description('print the author of logs saved here, as a User block; --set changes it')
    .option('--set [name]', 'set the author of logs on this machine: full name (default: proposed from git)')
    .option('--user <short>', 'with --set: short name, for file names and notes')
    .option('--email <address>', 'with --set: for commits of logs')
    .option('--yes', "with --set: take git's name without asking")
    .option(
      '--workspace <folder>',
      'a folder of the workspace (default: the current folder); with --set: write its .claude/identity.json instead',
    )
    .option('--json', 'print one JSON envelope')
    .action((options: WhoamiOptions) => runWhoami(context, options));
}

async function runWhoami(context: CliContext, options: WhoamiOptions): Promise<void> {
  const json = options.json ?? false;
  const local = openLocal();
  if (!local.ok) return finish(context, json, local, () => '');
  if (options.set !== undefined) {
    const { runSetAuthor } = await import('../set-author.ts');
    return runSetAuthor(context, local.value, { ...options, set: options.set });
  }
  const found = await whoami(local.value.files, authorPlaceOf(local.value), {
    cwd: context.cwd,
    workspace: options.workspace === undefined ? null : resolve(context.cwd, options.workspace),
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
  // Beside the block, not in it: standard output is copied into logs as is.
  if (found.ok && !json) context.warn(forTerminal(`(from ${found.value.path})\n`));
}
