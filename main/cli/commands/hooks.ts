import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { forTerminal, forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { openCommandLine } from '../../compose/command-line.ts';
import { openDesk, type Desk } from '../../compose/open-desk.ts';
import { userHome } from '../../compose/user-home.ts';
import {
  hooksStatus,
  installHooks,
  removeHooks,
  type FileChange,
  type HooksChange,
  type HooksRequest,
  type HooksStatus,
} from '../../core/agent-hooks/claude-hooks.ts';
import { launchWords } from '../../core/install/command-line.ts';
import { launcherOf } from '../../core/agent-hooks/launcher.ts';
import { chooseWorkspace } from '../../core/save/workspace.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { forPeople } from '../terminal-encoding.ts';

interface HooksOptions {
  readonly project?: boolean;
  readonly folder?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `session-log hooks`: joins Claude Code's sessions to this program, and shows and undoes that. */
export function registerHooks(program: Command, context: CliContext): void {
  const hooks = program.command('hooks').description('hooks and the /save command for Claude Code');
  const scoped = (name: string, description: string): Command =>
    hooks
      .command(name)
      .description(description)
      .option('--project', "in this work tree's .claude instead of the user's")
      .option('--folder <folder>', 'in this .claude folder')
      .option('--json', 'print one JSON envelope');
  scoped('install', 'ask for the index when a session starts and for a push when it ends, and add /save')
    .option('--dry-run', 'show what would change, change nothing')
    .option('--force', 'replace a /save that is there already (a copy is kept)')
    .action((options: HooksOptions) => runChange(context, options, installHooks));
  scoped('status', 'what is installed, and whether it can start').action((options: HooksOptions) =>
    runStatus(context, options),
  );
  scoped('remove', 'take it out again')
    .option('--dry-run', 'show what would change, change nothing')
    .option('--force', 'also remove a /save that was changed (a copy is kept)')
    .action((options: HooksOptions) => runChange(context, options, removeHooks));
}

async function runChange(
  context: CliContext,
  options: HooksOptions,
  change: typeof installHooks,
): Promise<void> {
  const json = options.json ?? false;
  const opened = await open(context, options);
  if (!opened.ok) return finish(context, json, opened, () => '');
  const { desk, request } = opened.value;
  finish(context, json, await change(desk, request), (done) =>
    forPeople(forTerminal(changeText(done)), context.env),
  );
}

async function runStatus(context: CliContext, options: HooksOptions): Promise<void> {
  const json = options.json ?? false;
  const opened = await open(context, options);
  if (!opened.ok) return finish(context, json, opened, () => '');
  const { desk, request } = opened.value;
  finish(context, json, judged(await hooksStatus(desk, request)), (status) =>
    forPeople(statusText(status), context.env),
  );
}

/** A hook that starts a program that is gone makes every session begin with an error: that is a failure, not a fact. */
function judged(status: Result<HooksStatus, AppError>): Result<HooksStatus, AppError> {
  if (!status.ok || status.value.missing.length === 0) return status;
  return err(
    appError(
      'attention',
      `The hooks in ${status.value.settings} start ${status.value.missing.join(' and ')}, which is not there any more.`,
      'Run `session-log hooks install` again.',
      { details: { report: status.value } },
    ),
  );
}

async function open(
  context: CliContext,
  options: HooksOptions,
): Promise<Result<{ desk: Desk; request: HooksRequest }, AppError>> {
  const desk = openDesk();
  if (!desk.ok) return desk;
  const folder = await chooseFolder(context, desk.value, options);
  if (!folder.ok) return folder;
  const request: HooksRequest = {
    folder: folder.value,
    launcher: launcherOf(await launchWords(openCommandLine()), process.platform === 'win32'),
    backups: desk.value.paths.backups,
    dryRun: options.dryRun ?? false,
    force: options.force ?? false,
  };
  return ok({ desk: desk.value, request });
}

async function chooseFolder(
  context: CliContext,
  desk: Desk,
  options: HooksOptions,
): Promise<Result<string, AppError>> {
  if (options.folder !== undefined) return ok(resolve(context.cwd, options.folder));
  if (!options.project) return usersFolder(context);
  const workspace = await chooseWorkspace(desk.files, context.cwd, null, []);
  return workspace.ok ? ok(join(workspace.value.root, '.claude')) : workspace;
}

function usersFolder({ env }: CliContext): Result<string, AppError> {
  const named = env['CLAUDE_CONFIG_DIR'] ?? '';
  if (named !== '') return ok(named);
  const home = userHome();
  if (home !== null) return ok(join(home, '.claude'));
  return err(
    appError(
      'not-configured',
      'Nothing says where this user\u2019s home folder is, so its .claude cannot be found.',
      'Set HOME or CLAUDE_CONFIG_DIR, or name the folder: --folder <folder>.',
    ),
  );
}

function changeText({ dryRun, settings, command }: HooksChange): string {
  const files = [settings, command].map((file) => fileText(file, dryRun));
  const kept =
    command.action === 'kept' ? ['It is not ours or was changed; --force replaces it and keeps a copy.'] : [];
  return [...files, ...kept].join('\n');
}

function fileText({ path, action, backup, diff }: FileChange, dryRun: boolean): string {
  const would = dryRun && action !== 'unchanged' && action !== 'kept' ? 'would be ' : '';
  return [
    `${path}: ${would}${action}`,
    ...(backup === null ? [] : [`  copy of what was there: ${backup}`]),
    ...(dryRun && diff !== '' ? [diff.replaceAll(/^/gm, '  ')] : []),
  ].join('\n');
}

function statusText({ settings, state, hooks, command }: HooksStatus): string {
  const remedy =
    state === 'installed' && command.state === 'installed'
      ? []
      : ['`session-log hooks install` brings both up to date.'];
  return [
    `Hooks in ${settings}: ${state}`,
    ...hooks.map((hook) => `  ${hook.event}: ${hook.command}`),
    `/save in ${command.path}: ${command.state}`,
    ...remedy,
  ]
    .map(forTerminalLine)
    .join('\n');
}
