import type { AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { isThere, readTarget } from '../launcher/find-launcher.ts';
import { launcherWords } from '../launcher/launcher-words.ts';
import { AGENT_COMMANDS, commandOrigin, commandText, type AgentCommand } from './command-file.ts';
import { inFile, readText, type EditDeps } from './edit-agent-file.ts';
import { HOOK_EVENTS, HOOK_WORDS, type FoundHook } from './hook-words.ts';

/** Where hooks are, and what they should start. */
export interface AgentPlace {
  /** The `.claude` folder of the user or of a project, absolute. */
  readonly folder: string;
  /** Command line of the CLI, see `launcherOf`. */
  readonly launcher: string;
}

export interface HooksStatus {
  readonly settings: string;
  /** `partial`: one of the two hooks is missing; `outdated`: they start another program than this one. */
  readonly state: 'installed' | 'partial' | 'outdated' | 'absent';
  readonly hooks: readonly FoundHook[];
  /** Programs that the hooks start and that are not there. */
  readonly missing: readonly string[];
  readonly commands: readonly CommandStatus[];
}

/** One command file of a `.claude` folder. */
export interface CommandStatus {
  readonly name: AgentCommand;
  readonly path: string;
  readonly state: 'installed' | 'outdated' | 'edited' | 'foreign' | 'absent';
}

/** Says what is installed, and whether it can still start. */
export async function hooksStatus(
  deps: EditDeps,
  request: AgentPlace,
): Promise<Result<HooksStatus, AppError>> {
  const path = settingsPath(request.folder);
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const text = read.value?.trim() ?? '';
  // Most of what is loaded for this is the parser, and `status` runs often.
  const found = text === '' ? ok([]) : (await import('./claude-settings.ts')).findHooks(read.value ?? '');
  if (!found.ok) return err(inFile(found.error, path));
  const hooks = found.value;
  const current = hooks.filter(
    ({ event, command }) => command === `${request.launcher} ${HOOK_WORDS[event]}`,
  );
  const events = new Set(hooks.map((hook) => hook.event));
  const state =
    events.size === 0
      ? 'absent'
      : events.size < HOOK_EVENTS.length
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
    // A launcher may be there while what it starts is not.
    const target = await readTarget(deps, program);
    if (target !== null && !(await isThere(deps, target))) missing.push(target.cli);
  }
  return ok({
    settings: path,
    state,
    hooks,
    missing,
    commands: await Promise.all(AGENT_COMMANDS.map((name) => commandStatus(deps, request, name))),
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

/** Where a `.claude` folder has its settings. */
export function settingsPath(folder: string): string {
  return inFolder(folder, 'settings.json');
}

/** Where a `.claude` folder has a command of ours. */
export function commandPath(folder: string, name: AgentCommand): string {
  return inFolder(folder, 'commands', `${name}.md`);
}
