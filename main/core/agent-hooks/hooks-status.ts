import type { Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { isThere, readTarget } from '../launcher/find-launcher.ts';
import { launcherWords } from '../launcher/launcher-words.ts';
import { AGENT_COMMANDS, commandOrigin, commandText, type AgentCommand } from './command-file.ts';
import { inFile, readText, type EditDeps } from './edit-agent-file.ts';
import type { HookAgent } from '../../../shared/transcripts/agents.ts';
import { hookEvents, hookWords, type FoundHook } from './hook-words.ts';

/** Where hooks are, and what they should start. */
export interface AgentPlace {
  readonly agent: HookAgent;
  /** The agent's settings folder, absolute: for Claude Code the `.claude` of the user or of a project. */
  readonly folder: string;
  /** Command line of the CLI, see `launcherOf`. */
  readonly launcher: string;
}

export interface HooksStatus {
  readonly settings: string;
  /** `partial`: some hooks are missing; `outdated`: they start another program than this one. */
  readonly state: 'installed' | 'partial' | 'outdated' | 'absent';
  readonly hooks: readonly FoundHook[];
  /** Missing programs that the hooks start. */
  readonly missing: readonly string[];
  readonly commands: readonly CommandStatus[];
}

/** One command file of a `.claude` folder. */
export interface CommandStatus {
  readonly name: AgentCommand;
  readonly path: string;
  readonly state: 'installed' | 'outdated' | 'edited' | 'foreign' | 'absent';
}

/** Reports what is installed and whether it still starts. */
export async function hooksStatus(deps: EditDeps, request: AgentPlace): Answer<HooksStatus> {
  const { agent } = request;
  const path = hookPath(request);
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const text = read.value?.trim() ?? '';
  // Most of the loading time is the parser, and `status` runs often.
  const found =
    text === '' ? ok([]) : (await import('./hook-text.ts')).hookText(agent).find(read.value ?? '');
  if (!found.ok) return err(inFile(found.error, path));
  const hooks = found.value;
  const current = hooks.filter(
    ({ event, command }) => command === `${request.launcher} ${hookWords(agent, event)}`,
  );
  const events = new Set(hooks.map((hook) => hook.event));
  const state =
    events.size === 0
      ? 'absent'
      : events.size < hookEvents(agent).length
        ? 'partial'
        : current.length < hooks.length
          ? 'outdated'
          : 'installed';
  const programs = new Set(
    hooks.flatMap(({ command }) => launcherWords(command)).filter((word) => /^(?:\/|[A-Za-z]:)/.test(word)),
  );
  const missing: string[] = [];
  for (const program of programs) {
    const facts = await deps.files.stat(program);
    if (facts.ok && facts.value === null) missing.push(program);
    // A launcher may exist while its program does not.
    const target = await readTarget(deps, program);
    if (target !== null && !(await isThere(deps, target))) missing.push(target.cli);
  }
  return ok({
    settings: path,
    state,
    hooks,
    missing,
    commands:
      agent === 'claude-code'
        ? await Promise.all(AGENT_COMMANDS.map((name) => commandStatus(deps, request, name)))
        : [],
  });
}

async function commandStatus(
  deps: EditDeps,
  request: AgentPlace,
  name: AgentCommand,
): Promise<CommandStatus> {
  const path = commandPath(request.folder, name);
  const read = await readText(deps.files, path);
  if (!read.ok || read.value === null) return { name, path, state: 'absent' };
  const isFresh = read.value.replaceAll('\r\n', '\n') === commandText(name, request.launcher, deps.bytes);
  const origin = commandOrigin(name, read.value, deps.bytes);
  return { name, path, state: isFresh ? 'installed' : origin === 'ours' ? 'outdated' : origin };
}

const HOOK_FILES: Readonly<Record<HookAgent, readonly string[]>> = {
  'claude-code': ['settings.json'],
  codex: ['config.toml'],
  gemini: ['settings.json'],
  copilot: ['hooks', 'session-log.json'],
  cursor: ['hooks.json'],
};

/** The file where an agent reads hooks; for Copilot CLI, which reads every file of a folder, our own. */
export function hookPath({ agent, folder }: Pick<AgentPlace, 'agent' | 'folder'>): string {
  return inFolder(folder, ...HOOK_FILES[agent]);
}

/** Path of our command in a `.claude` folder. */
export function commandPath(folder: string, name: AgentCommand): string {
  return inFolder(folder, 'commands', `${name}.md`);
}
