import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { knownAuthor } from '../../../shared/domain/author.ts';
import { forTerminal, forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import { mapOk, ok, type Result } from '../../../shared/result.ts';
import { agentFolder, userServersHere } from '../../compose/agent-folders.ts';
import { openCommandLine } from '../../compose/command-line.ts';
import { openLocal, type LocalContext } from '../../compose/open-local.ts';
import { AGENT_NAMES, HOOK_AGENTS, type HookAgent } from '../../../shared/transcripts/agents.ts';
import type { McpPlace } from '../../core/agent-hooks/mcp-registration.ts';
import type { HooksStatus } from '../../core/agent-hooks/hooks-status.ts';
import { claudeServers, MCP_AGENTS, projectServers } from '../../core/launcher/mcp-places.ts';
import { connectAgent, disconnectAgent, registeredServers } from '../../core/workflows/connect-agent.ts';
import { makePlugin } from '../../core/workflows/make-plugin.ts';
import { launcherOf } from '../../core/launcher/launcher-words.ts';
import { agentHooks, type AgentDeps } from '../../core/workflows/look-at-agent.ts';
import { chooseWorkspace } from '../../core/workspaces/workspace.ts';
import { finish, finishOutcome, type CliContext } from '../cli-context.ts';
import { hooksText } from '../hooks-text.ts';
import { forPeople } from '../terminal-encoding.ts';

interface HooksOptions {
  readonly agent?: string;
  readonly project?: boolean;
  readonly folder?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly mcp?: string;
  readonly json?: boolean;
}

/** `session-log hooks`: connects agents' sessions to this program, and shows and undoes that. */
export function registerHooks(program: Command, context: CliContext): void {
  const hooks = program
    .command('hooks')
    .description('hooks for agents, and the commands /save and /sync for Claude Code');
  const scoped = (name: string, description: string): Command =>
    hooks
      .command(name)
      .description(description)
      .option('--agent <agent>', `${HOOK_AGENTS.join(', ')} (default: claude-code)`)
      .option('--project', "in this workspace's .claude instead of the user's")
      .option('--folder <folder>', "in this folder of the agent's settings, such as .claude")
      .option('--json', 'print one JSON envelope');
  scoped('install', 'read the index when a session starts, keep it, push when it ends; add /save and /sync')
    .option('--dry-run', 'show what would change, change nothing')
    .option('--force', 'replace a /save or /sync that is there already (a copy is kept)')
    .option(
      '--mcp <agents>',
      `whose tools (session-log mcp) to register, with commas: ${MCP_AGENTS.join(', ')}, none (default: those that are registered already)`,
    )
    .action((options: HooksOptions) => runChange(context, options, connectAgent));
  scoped('status', 'what is installed, and whether it can start').action((options: HooksOptions) =>
    runStatus(context, options),
  );
  scoped('remove', 'take it out again')
    .option('--dry-run', 'show what would change, change nothing')
    .option('--force', 'also remove a /save or /sync that was changed (a copy is kept)')
    .action((options: HooksOptions) => runChange(context, options, disconnectAgent));
  hooks
    .command('plugin <folder>')
    .description('create a Claude Code plugin folder: hooks, /save, /sync and the MCP tools in one')
    .option('--shared', 'for colleagues: start session-log from their PATH, not from its place here')
    .option('--json', 'print one JSON envelope')
    .action((folder: string, options: PluginOptions) => runPlugin(context, folder, options));
}

interface PluginOptions {
  readonly shared?: boolean;
  readonly json?: boolean;
}

async function runPlugin(context: CliContext, folder: string, options: PluginOptions): Promise<void> {
  const { shared: isShared = false, json = false } = options;
  const local = openLocal();
  if (!local.ok) return finish(context, json, local, () => '');
  const deps = { ...local.value, commandLine: openCommandLine() };
  const made = await makePlugin(deps, { folder: resolve(context.cwd, folder), isShared });
  finish(context, json, made, ({ folder: path, files }) =>
    forPeople(
      forTerminal(
        [
          ...files.map((name) => join(path, name)),
          '',
          `For one session: claude --plugin-dir ${launcherOf([path], false)}`,
          `For good: claude plugin marketplace add ${launcherOf([path], false)}, then claude plugin install session-log@session-log`,
          'Hooks that are installed besides would do everything twice: session-log hooks remove',
        ].join('\n'),
      ),
      context.env,
    ),
  );
}

async function runChange(
  context: CliContext,
  options: HooksOptions,
  change: typeof connectAgent,
): Promise<void> {
  const json = options.json ?? false;
  const opened = await open(context, options);
  if (!opened.ok) return finish(context, json, opened, () => '');
  const { deps, agent, folder } = opened.value;
  const { dryRun = false, force = false } = options;
  const isInstall = change === connectAgent;
  const chosen = isInstall ? await chooseAgents(options, opened.value) : ok(opened.value.places);
  if (!chosen.ok) return finish(context, json, chosen, () => '');
  const servers = chosen.value;
  const next = isInstall && !dryRun ? await nextSteps(opened.value, servers) : [];
  const changed = await change(deps, { agent, folder, servers, backups: deps.paths.backups, dryRun, force });
  finish(context, json, changed, (done) =>
    forPeople(forTerminal([hooksText(done), ...next].join('\n')), context.env),
  );
}

/** What a person does once the hooks are installed. */
async function nextSteps(opened: Opened, chosen: readonly McpPlace[]): Promise<readonly string[]> {
  const { capture } = opened.deps.settings;
  return [
    '',
    TRUST[opened.agent],
    ...(capture.mode === 'off'
      ? [
          'So far no sessions are kept, and hooks change nothing about that: session-log config set capture.mode on',
        ]
      : []),
    ...(opened.agent === 'claude-code' ? await claudeSteps(opened, chosen) : []),
    ...(await otherAgents(opened)),
  ];
}

/** Agents used here that do not report their sessions yet, each with the command that changes that. */
async function otherAgents({ deps, agent, isUser, env }: Opened): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const other of isUser ? HOOK_AGENTS : []) {
    const folder = agentFolder(other, env);
    if (other === agent || !folder.ok) continue;
    const there = await deps.files.stat(folder.value);
    const status = await agentHooks(deps, { agent: other, folder: folder.value });
    if (there.ok && there.value !== null && status.ok && status.value.state === 'absent')
      lines.push(`${AGENT_NAMES[other]} is here, too: ${installCommand(other)}`);
  }
  return lines;
}

/** What each agent requires before it runs a hook, and how it learns of one. */
const TRUST: Readonly<Record<HookAgent, string>> = {
  'claude-code':
    'Claude Code runs hooks in folders that you have trusted, at once also in sessions that run.',
  codex: 'Codex runs it without being asked for trust, from its next start on.',
  gemini:
    'Gemini CLI runs your own hooks without being asked for trust, from its next start on; /hooks shows them.',
  copilot: 'Copilot CLI runs them in folders that you have trusted, from its next start on.',
  cursor: 'Cursor takes them up by itself; Settings > Hooks shows them.',
};

async function claudeSteps(
  { deps: { settings, files }, places }: Opened,
  chosen: readonly McpPlace[],
): Promise<readonly string[]> {
  const others: string[] = [];
  for (const { agent, path } of places) {
    if (chosen.some((place) => place.agent === agent)) continue;
    const folder = await files.stat(path.slice(0, path.lastIndexOf('/')));
    if (agent === 'claude-code' || (folder.ok && folder.value !== null)) others.push(agent);
  }
  const all = [...chosen.map(({ agent }) => agent), ...others].join(',');
  return [
    ...(others.length === 0
      ? []
      : [
          `Agents can also search and read the logs by tools of their own (${others.join(', ')}): session-log hooks install --mcp ${all}`,
        ]),
    ...(knownAuthor(settings.author) === null
      ? ['First say who writes here, where no identity.json does: session-log whoami --set "Full Name"']
      : []),
    'Next: type /save in Claude Code at the end of a session, and /sync to get what colleagues pushed.',
    ...(settings.agents.brief
      ? []
      : [
          'A session can also begin with the last three of its project (title, person, machine, day, open tasks; nothing leaves this machine): session-log config set agents.brief true',
        ]),
    'Sessions that run already see the commands after a restart. `session-log hooks remove` takes all of it out.',
  ];
}

async function runStatus(context: CliContext, options: HooksOptions): Promise<void> {
  const json = options.json ?? false;
  const opened = await open(context, options);
  if (!opened.ok) return finish(context, json, opened, () => '');
  const status = await agentHooks(opened.value.deps, opened.value);
  if (!status.ok) return finish(context, json, status, () => '');
  const servers = await registeredServers(opened.value.deps, opened.value.places);
  const outcome = {
    report: { ...status.value, servers },
    problem: problemOf(opened.value.agent, status.value),
  };
  const tools = servers
    .filter(({ state }) => state !== 'absent')
    .map(({ agent, path, state }) =>
      forTerminalLine(`Tools for ${agent} in ${path}: ${state ?? 'cannot be read'}`),
    );
  finishOutcome(context, json, outcome, (found) =>
    outcome.problem === null
      ? forPeople([statusText(opened.value.agent, found), ...tools].join('\n'), context.env)
      : '',
  );
}

/** A hook whose program is missing makes every session begin with an error: that is a failure, not a fact. */
function problemOf(agent: HookAgent, { missing, settings }: HooksStatus): AppError | null {
  if (missing.length === 0) return null;
  return appError(
    'attention',
    `The hooks in ${settings} start ${missing.join(' and ')}, which no longer exists.`,
    `Run \`${installCommand(agent)}\` again.`,
  );
}

function installCommand(agent: HookAgent): string {
  return agent === 'claude-code' ? 'session-log hooks install' : `session-log hooks install --agent ${agent}`;
}

interface Opened {
  readonly deps: LocalContext & AgentDeps;
  readonly agent: HookAgent;
  /** Its settings folder, absolute. */
  readonly folder: string;
  /** True for the user's own, not a project's or another named one. */
  readonly isUser: boolean;
  readonly env: CliContext['env'];
  /** Where agents look for tool servers: the user's or the project's configuration. */
  readonly places: readonly McpPlace[];
}

async function open(context: CliContext, options: HooksOptions): Answer<Opened> {
  const agent = chooseAgent(options);
  if (!agent.ok) return agent;
  const local = openLocal();
  if (!local.ok) return local;
  const folder = await chooseFolder(context, local.value, agent.value, options);
  return mapOk(folder, (path) => ({
    deps: { ...local.value, commandLine: openCommandLine() },
    agent: agent.value,
    folder: path,
    isUser: options.folder === undefined && options.project !== true,
    env: context.env,
    places: placesOf(context, agent.value, path, options),
  }));
}

function chooseAgent({
  agent: named = 'claude-code',
  project,
  mcp,
}: HooksOptions): Result<HookAgent, AppError> {
  const agent = HOOK_AGENTS.find((one) => one === named);
  const help = 'See `session-log hooks install --help`.';
  if (agent === undefined)
    return fail('usage', `--agent takes ${HOOK_AGENTS.join(', ')}, not ${named.slice(0, 80)}.`, help);
  if (agent !== 'claude-code' && (project || mcp !== undefined))
    return fail('usage', '--project and --mcp are for Claude Code; leave them out.', help);
  return ok(agent);
}

/** Tools are installed and removed together with Claude Code's hooks. */
function placesOf(
  context: CliContext,
  agent: HookAgent,
  folder: string,
  options: HooksOptions,
): readonly McpPlace[] {
  if (agent !== 'claude-code') return [];
  if (options.folder !== undefined) return [claudeServers(folder)];
  return options.project ? projectServers(dirname(folder)) : userServersHere(folder, context.env);
}

/**
 * The agents to register the tools with: those named, else those already registered, so that they start this very program. Never without
 * being asked.
 */
async function chooseAgents({ mcp }: HooksOptions, { deps, places }: Opened): Answer<readonly McpPlace[]> {
  if (mcp === undefined) {
    const found = await registeredServers(deps, places);
    return ok(found.filter(({ state }) => state === 'registered' || state === 'outdated'));
  }
  const names = mcp.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => name !== 'none' && !MCP_AGENTS.some((agent) => agent === name));
  if (unknown.length === 0) return ok(places.filter(({ agent }) => names.includes(agent)));
  return fail(
    'usage',
    `--mcp takes ${MCP_AGENTS.join(', ')} or none, not ${unknown.join(', ').slice(0, 80)}.`,
    'See `session-log hooks install --help`.',
  );
}

async function chooseFolder(
  context: CliContext,
  local: LocalContext,
  agent: HookAgent,
  options: HooksOptions,
): Answer<string> {
  if (options.folder !== undefined) return ok(resolve(context.cwd, options.folder));
  if (!options.project) return agentFolder(agent, context.env);
  const workspace = await chooseWorkspace(local.files, context.cwd, null, []);
  return workspace.ok ? ok(join(workspace.value.root, '.claude')) : workspace;
}

function statusText(agent: HookAgent, { settings, state, hooks, commands }: HooksStatus): string {
  const isWhole = state === 'installed' && commands.every((command) => command.state === 'installed');
  return [
    `Hooks in ${settings}: ${state}`,
    ...hooks.map((hook) => `  ${hook.event}: ${hook.command}`),
    ...commands.map(({ name, path, state: found }) => `/${name} in ${path}: ${found}`),
    ...(isWhole ? [] : [`\`${installCommand(agent)}\` brings all of them up to date.`]),
  ]
    .map(forTerminalLine)
    .join('\n');
}
