import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { mapOk, ok, type Result } from '../../../shared/result.ts';
import { openCommandLine } from '../../compose/command-line.ts';
import { agentFolder, userServersHere } from '../../compose/agent-folders.ts';
import { openLocal } from '../../compose/open-local.ts';
import { openSettings } from '../../compose/open-settings.ts';
import { openTimers } from '../../compose/timers.ts';
import { HOOK_AGENTS } from '../../../shared/transcripts/agents.ts';
import { projectServers } from '../../core/launcher/mcp-places.ts';
import { removeTimers } from '../../core/timers/timers.ts';
import {
  hookPlacesOf,
  dataOf,
  uninstall,
  type UninstallDeps,
  type UninstalledPart,
  type UninstallReport,
} from '../../core/workflows/uninstall.ts';
import { canAsk, confirmFirst } from '../ask.ts';
import { finish, finishOutcome, type CliContext } from '../cli-context.ts';

interface UninstallOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `session-log uninstall`: removes everything that connects this machine to agents and the system; logs stay. */
export function registerUninstall(program: Command, context: CliContext): void {
  program
    .command('uninstall')
    .description(
      'remove hooks, schedule, start at login and launcher from this machine; logs and settings stay',
    )
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show what would go, change nothing')
    .option('--json', 'print one JSON envelope (with --yes or --dry-run)')
    .action((options: UninstallOptions) => runUninstall(context, options));
}

async function runUninstall(context: CliContext, options: UninstallOptions): Promise<void> {
  const json = options.json ?? false;
  const decided = await decide(context, options);
  if (!decided.ok) return finish(context, json, decided, () => '');
  const problem = decided.value.parts.find(({ action }) => action === 'failed')?.error ?? null;
  finishOutcome(context, json, { report: decided.value, problem }, reportText);
}

async function decide(context: CliContext, options: UninstallOptions): Answer<UninstallReport> {
  const deps = openUninstall(context);
  if (!deps.ok) return deps;
  const isDry = options.dryRun ?? false;
  if (!isDry && !options.yes) {
    const may = await askFirst(deps.value, options.json ?? false);
    if (!may.ok) return may;
  }
  return ok(await uninstall(deps.value, isDry));
}

/** Shows what would be removed, and asks. */
async function askFirst(deps: UninstallDeps, json: boolean): Answer<void> {
  const preview = await uninstall(deps, true);
  // Nothing to take off: nothing to ask.
  if (preview.parts.length === 0 && !json && canAsk()) return ok(undefined);
  return confirmFirst(json, {
    planned: partsText(preview),
    question: 'Take this off?',
    noTerminal: 'There is no terminal to ask in.',
    remedy: 'Add --yes to take it off, or --dry-run to see what would go.',
    declined: 'Nothing was taken off.',
  });
}

function openUninstall(context: CliContext): Result<UninstallDeps, AppError> {
  const local = openLocal();
  if (!local.ok) return local;
  const settings = openSettings();
  if (!settings.ok) return settings;
  const { paths, files, bytes, clock } = local.value;
  const user = context.env['CLAUDE_CONFIG_DIR'] || join(homedir(), '.claude');
  const config = context.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return ok({
    files,
    bytes,
    clock,
    commandLine: openCommandLine(),
    settings: settings.value,
    schedule: {
      remove: async (dryRun) =>
        mapOk(await removeTimers(openTimers(paths.home), dryRun), (changes) =>
          changes.flatMap(({ kind, timers }) =>
            timers.map(({ task, place }) => `${kind}: ${task} (${place})`),
          ),
        ),
    },
    paths: {
      agents: hookPlacesOf(agentsOf(context, user), local.value.settings.git.workspaces),
      servers: [
        ...userServersHere(user, context.env),
        ...local.value.settings.git.workspaces.flatMap((root) => projectServers(root)),
      ],
      loginEntry: process.platform === 'linux' ? join(config, 'autostart', 'session-log.desktop') : null,
      backups: paths.backups,
      data: dataOf(paths),
    },
  });
}

/** This user's agents. @param claude folder of Claude Code, known even if the home folder is not */
function agentsOf({ env }: CliContext, claude: string): Parameters<typeof hookPlacesOf>[0] {
  return HOOK_AGENTS.flatMap((agent) => {
    const folder = agent === 'claude-code' ? ok(claude) : agentFolder(agent, env);
    return folder.ok ? [{ agent, folder: folder.value }] : [];
  });
}

const NAMES: Readonly<Record<UninstalledPart['part'], string>> = {
  hooks: 'hooks',
  schedule: 'schedule',
  login: 'start at login',
  command: 'launcher',
};

const ACTIONS: Readonly<
  Record<UninstalledPart['action'], { readonly done: string; readonly would: string }>
> = {
  removed: { done: 'removed', would: 'would be removed' },
  changed: { done: 'ours taken out, the rest as it was', would: 'ours would be taken out' },
  kept: {
    done: 'kept: it is not ours, or was changed',
    would: 'would be kept: it is not ours, or was changed',
  },
  failed: { done: 'failed', would: 'cannot be changed' },
};

function reportText(report: UninstallReport): string {
  return forTerminal(
    [
      partsText(report),
      ...(report.stays.length === 0
        ? []
        : ['', 'This stays. To delete it as well, remove by hand what you do not want to keep:']),
      ...report.stays.map(({ path, what }) => `  ${path}  (${what})`),
      ...(report.store === '' ? [] : [`  Logs in the store are the team’s: ${report.store}`]),
      '',
      `The program itself: ${report.program}`,
    ].join('\n'),
  );
}

function partsText({ parts, dryRun }: UninstallReport): string {
  if (parts.length === 0) return 'There is nothing to take off: no hooks, no schedule, no launcher.';
  return forTerminal(
    parts
      .map(({ part, place, action, error }) => {
        const words = ACTIONS[action];
        const done = dryRun ? words.would : words.done;
        return `${NAMES[part]}  ${place}: ${done}${error === undefined ? '' : `: ${error.message}`}`;
      })
      .join('\n'),
  );
}
