import { resolve } from 'node:path';
import type { Command } from 'commander';
import { appError } from '../../../shared/app-error.ts';
import { err } from '../../../shared/result.ts';
import { removeDemoFolder } from '../../compose/demo-folder.ts';
import { createDemoTeam } from '../../compose/demo.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { playDemo, type DemoResult } from '../demo-story.ts';

interface DemoOptions {
  readonly keep?: boolean;
  readonly home?: string;
  readonly remove?: string;
  readonly json?: boolean;
}

/** `session-log demo`: three machines in a temporary folder push, lose their network, recover it and read each other. */
export function registerDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('see it work: a team of three with one store, in a throw-away folder')
    .option('--keep', 'keep the folder afterwards')
    .option('--home <folder>', 'use this folder, which must be empty or an earlier demo, and keep it')
    .option('--remove <folder>', 'remove a demo that was kept')
    .option('--json', 'print one JSON envelope')
    .action((options: DemoOptions) =>
      options.remove === undefined
        ? makeDemo(context, options)
        : removeDemo(context, options, options.remove),
    );
}

async function makeDemo(context: CliContext, options: DemoOptions): Promise<void> {
  const json = options.json ?? false;
  const home = options.home === undefined ? undefined : resolve(context.cwd, options.home);
  const kept = (options.keep ?? false) || home !== undefined;
  const say = (text: string): void => {
    if (!json) context.out(`${text}\n`);
  };
  const team = await createDemoTeam(home);
  if (!team.ok) return finish(context, json, team, () => '');
  const result = await playDemo(team.value, kept, say);
  await (kept ? team.value.close() : team.value.remove());
  finish(context, json, result, endText);
}

async function removeDemo(context: CliContext, options: DemoOptions, folder: string): Promise<void> {
  const root = resolve(context.cwd, folder);
  const json = options.json ?? false;
  if (options.home !== undefined || options.keep) {
    const both = appError('usage', '--remove goes with no other option.', 'Leave --keep and --home out.');
    return finish(context, json, err(both), () => '');
  }
  finish(context, json, await removeDemoFolder(root), ({ left }) =>
    left.length === 0
      ? `Removed ${root}.`
      : `Removed the demo. ${root} stays, because the demo did not make this: ${left.join(', ')}`,
  );
}

/** Quotes a path for a command line that people copy. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function endText(result: DemoResult): string {
  if (!result.kept) return '\nThe folder is removed again; add --keep to look around in it.';
  const home = `SESSION_LOG_HOME=${shellWord(result.machines.at(-1)?.home ?? '')}`;
  return [
    '\nLook around as one of the machines:',
    `   ${home} session-log list`,
    `   ${home} session-log browse`,
    `Remove it with: session-log demo --remove ${shellWord(result.root)}`,
  ].join('\n');
}
