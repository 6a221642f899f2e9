import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder, parentOf } from '../files/folder-path.ts';
import { AGENT_COMMANDS, commandOrigin, commandText, type AgentCommand } from './command-file.ts';
import {
  changeText,
  readText,
  removeText,
  type EditDeps,
  type EditRequest,
  type FileChange,
} from './edit-agent-file.ts';
import { hookText } from './hook-text.ts';
import { hookWords } from './hook-words.ts';
import { commandPath, hookPath, type AgentPlace } from './hooks-status.ts';
import { registerMcp, unregisterMcp, type McpPlace, type McpRequest } from './mcp-registration.ts';
import { takeBack } from './take-back.ts';

export interface HooksRequest extends EditRequest, AgentPlace {
  /** Files to register `session-log mcp` in, and the words that start the command line; default none. */
  readonly servers?: { readonly places: readonly McpPlace[]; readonly words: readonly string[] };
  /** Replace a `save.md` or `sync.md` that is not ours, or was edited. */
  readonly force: boolean;
}

export interface HooksChange {
  readonly dryRun: boolean;
  /** The agent's file of hooks. */
  readonly settings: FileChange;
  /** One for each of {@link AGENT_COMMANDS}, in order; none for agents other than Claude Code. */
  readonly commands: readonly FileChange[];
  /** One for each of the request's `servers`, in order. */
  readonly servers: readonly FileChange[];
}

/**
 * Installs the hooks in an agent's settings and, for Claude Code, `/save` and `/sync` beside them. Idempotent. Codes: `corrupt` or
 * `attention` (unexpected settings, left untouched), `io`, `denied`, `disk-full`.
 */
export async function installHooks(deps: EditDeps, request: HooksRequest): Answer<HooksChange> {
  const settings = await changeText(deps, request, hookPath(request), (text) =>
    hookText(request.agent).put(text, request.launcher),
  );
  if (!settings.ok) return settings;
  const commands: FileChange[] = [];
  for (const name of commandsOf(request)) {
    const command = await installCommand(deps, request, name);
    if (!command.ok) return command;
    commands.push(command.value);
  }
  const servers = await eachServer(request, (one) => registerMcp(deps, one));
  if (!servers.ok) return servers;
  return ok({ dryRun: request.dryRun, settings: settings.value, commands, servers: servers.value });
}

async function eachServer(
  { servers, backups, dryRun }: HooksRequest,
  change: (request: McpRequest) => Answer<FileChange>,
): Answer<readonly FileChange[]> {
  const changes: FileChange[] = [];
  for (const place of servers?.places ?? []) {
    const changed = await change({ place, words: servers?.words ?? [], backups, dryRun });
    if (!changed.ok) return changed;
    changes.push(changed.value);
  }
  return ok(changes);
}

async function installCommand(deps: EditDeps, request: HooksRequest, name: AgentCommand): Answer<FileChange> {
  const fresh = commandText(name, request.launcher, deps.bytes);
  let isKept = false;
  const change = await changeText(deps, request, commandPath(request.folder, name), (text) => {
    const mayReplace = text === null || request.force || commandOrigin(name, text, deps.bytes) === 'ours';
    isKept = !mayReplace;
    // Other line breaks do not make another command.
    return ok(mayReplace && text?.replaceAll('\r\n', '\n') !== fresh ? fresh : text);
  });
  return change.ok && isKept ? ok({ ...change.value, action: 'kept' }) : change;
}

/** Only Claude Code has these. */
function commandsOf({ agent }: AgentPlace): readonly AgentCommand[] {
  return agent === 'claude-code' ? AGENT_COMMANDS : [];
}

/** Removes the hooks, and the commands unless somebody edited them. */
export async function removeHooks(deps: EditDeps, request: HooksRequest): Answer<HooksChange> {
  const servers = await eachServer(request, (one) => unregisterMcp(deps, one));
  if (!servers.ok) return servers;
  const settings = await removeFromSettings(deps, request);
  if (!settings.ok) return settings;
  const commands: FileChange[] = [];
  for (const name of commandsOf(request)) {
    const command = await removeCommand(deps, request, name);
    if (!command.ok) return command;
    commands.push(command.value);
  }
  // An empty folder was created for these files. Failing to remove it does not fail the request.
  if (!request.dryRun && commands.some(({ action }) => action === 'removed'))
    await deps.files.removeEmptyFolder(inFolder(request.folder, 'commands'));
  return ok({ dryRun: request.dryRun, settings: settings.value, commands, servers: servers.value });
}

async function removeFromSettings(deps: EditDeps, request: HooksRequest): Answer<FileChange> {
  const { put, take, find } = hookText(request.agent);
  const path = hookPath(request);
  const removed = await takeBack(deps, request, path, (text) => {
    const found = find(text);
    const [hook] = found.ok ? found.value : [];
    const launcher =
      hook?.command.slice(0, -hookWords(request.agent, hook.event).length).trimEnd() ?? request.launcher;
    return {
      put: (before) => put(before, launcher),
      take,
      holds(copy) {
        const there = copy.trim() === '' ? ok([]) : find(copy);
        return !there.ok || there.value.length > 0;
      },
    };
  });
  // An empty folder of hooks was created for ours.
  if (request.agent === 'copilot' && !request.dryRun && removed.ok && removed.value.action === 'removed')
    await deps.files.removeEmptyFolder(parentOf(path) ?? request.folder);
  return removed;
}

async function removeCommand(deps: EditDeps, request: HooksRequest, name: AgentCommand): Answer<FileChange> {
  const path = commandPath(request.folder, name);
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const nothing = { path, backup: null, diff: '' };
  if (read.value === null) return ok({ ...nothing, action: 'unchanged' });
  const isOurs = commandOrigin(name, read.value, deps.bytes) === 'ours';
  if (!isOurs && !request.force) return ok({ ...nothing, action: 'kept' });
  return removeText(deps, request, path, read.value);
}

/** All files of a change. */
export function changedFiles({ settings, commands, servers }: HooksChange): readonly FileChange[] {
  return [settings, ...commands, ...servers];
}
