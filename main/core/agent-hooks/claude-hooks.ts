import type { AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { findHooks, withHooks, withoutHooks } from './claude-settings.ts';
import { AGENT_COMMANDS, commandOrigin, commandText, type AgentCommand } from './command-file.ts';
import {
  changeText,
  inFile,
  keptCopies,
  readText,
  removeText,
  type EditDeps,
  type EditRequest,
  type FileChange,
} from './edit-agent-file.ts';
import { HOOK_WORDS } from './hook-words.ts';
import { commandPath, settingsPath, type AgentPlace } from './hooks-status.ts';
import { registerMcp, unregisterMcp, type McpPlace, type McpRequest } from './mcp-registration.ts';

export interface HooksRequest extends EditRequest, AgentPlace {
  /** Files in which `session-log mcp` is registered, and the words that start the command line; none unless given. */
  readonly servers?: { readonly places: readonly McpPlace[]; readonly words: readonly string[] };
  /** Replace a `save.md` or `sync.md` that is not ours, or that somebody changed. */
  readonly force: boolean;
}

export interface HooksChange {
  readonly dryRun: boolean;
  readonly settings: FileChange;
  /** One for each of {@link AGENT_COMMANDS}, in their order. */
  readonly commands: readonly FileChange[];
  /** One for each of the request's `servers`, in their order. */
  readonly servers: readonly FileChange[];
}

/**
 * Puts the hooks and the commands `/save` and `/sync` into a `.claude` folder. Repeating changes nothing.
 * Codes: `corrupt` or `attention` (settings.json is not what it should be: untouched), `io`, `denied`, `disk-full`.
 */
export async function installHooks(
  deps: EditDeps,
  request: HooksRequest,
): Promise<Result<HooksChange, AppError>> {
  const settings = await changeText(deps, request, settingsPath(request.folder), (text) =>
    withHooks(text, request.launcher),
  );
  if (!settings.ok) return settings;
  const commands: FileChange[] = [];
  for (const name of AGENT_COMMANDS) {
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
  change: (request: McpRequest) => Promise<Result<FileChange, AppError>>,
): Promise<Result<readonly FileChange[], AppError>> {
  const changes: FileChange[] = [];
  for (const place of servers?.places ?? []) {
    const changed = await change({ place, words: servers?.words ?? [], backups, dryRun });
    if (!changed.ok) return changed;
    changes.push(changed.value);
  }
  return ok(changes);
}

async function installCommand(
  deps: EditDeps,
  request: HooksRequest,
  name: AgentCommand,
): Promise<Result<FileChange, AppError>> {
  const fresh = commandText(name, request.launcher, deps.bytes);
  let isKept = false;
  const change = await changeText(deps, request, commandPath(request.folder, name), (text) => {
    const mayReplace = text === null || request.force || commandOrigin(name, text, deps.bytes) === 'ours';
    isKept = !mayReplace;
    // The same with other line breaks is the same command.
    return ok(mayReplace && text?.replaceAll('\r\n', '\n') !== fresh ? fresh : text);
  });
  return change.ok && isKept ? ok({ ...change.value, action: 'kept' }) : change;
}

/** Takes the hooks out again, and the commands unless somebody made them their own. */
export async function removeHooks(
  deps: EditDeps,
  request: HooksRequest,
): Promise<Result<HooksChange, AppError>> {
  const servers = await eachServer(request, (one) => unregisterMcp(deps, one));
  if (!servers.ok) return servers;
  const settings = await removeFromSettings(deps, request);
  if (!settings.ok) return settings;
  const commands: FileChange[] = [];
  for (const name of AGENT_COMMANDS) {
    const command = await removeCommand(deps, request, name);
    if (!command.ok) return command;
    commands.push(command.value);
  }
  // A folder that holds nothing any more was made for these files. That it stays is no failure of what was asked for.
  if (!request.dryRun && commands.some(({ action }) => action === 'removed'))
    await deps.files.removeEmptyFolder(inFolder(request.folder, 'commands'));
  return ok({ dryRun: request.dryRun, settings: settings.value, commands, servers: servers.value });
}

async function removeFromSettings(
  deps: EditDeps,
  request: HooksRequest,
): Promise<Result<FileChange, AppError>> {
  const path = settingsPath(request.folder);
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const text = read.value;
  const found = text === null || text.trim() === '' ? ok([]) : findHooks(text);
  if (!found.ok) return err(inFile(found.error, path));
  const [hook] = found.value;
  if (text === null || hook === undefined) return ok({ path, action: 'unchanged', backup: null, diff: '' });
  const launcher = hook.command.slice(0, -HOOK_WORDS[hook.event].length).trimEnd();
  const isOurs = (before: string | null): boolean => {
    const made = withHooks(before, launcher);
    return made.ok && made.value === text;
  };
  // Where nobody has touched it since, the text from before is known to the byte, with the empty lists and objects it had.
  const copies = await keptCopies(deps.files, request.backups, 'settings.json');
  const before = copies.find((copy) => isOurs(copy) && !holdsHooks(copy));
  if (before === undefined && isOurs(null)) return removeText(deps, request, path, text);
  return changeText(deps, request, path, (now) =>
    now === text && before !== undefined ? ok(before) : now === null ? ok(null) : withoutHooks(now),
  );
}

function holdsHooks(text: string): boolean {
  const found = text.trim() === '' ? ok([]) : findHooks(text);
  return !found.ok || found.value.length > 0;
}

async function removeCommand(
  deps: EditDeps,
  request: HooksRequest,
  name: AgentCommand,
): Promise<Result<FileChange, AppError>> {
  const path = commandPath(request.folder, name);
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const nothing = { path, backup: null, diff: '' };
  if (read.value === null) return ok({ ...nothing, action: 'unchanged' });
  const isOurs = commandOrigin(name, read.value, deps.bytes) === 'ours';
  if (!isOurs && !request.force) return ok({ ...nothing, action: 'kept' });
  return removeText(deps, request, path, read.value);
}

/** Every file that a change was about. */
export function changedFiles({ settings, commands, servers }: HooksChange): readonly FileChange[] {
  return [settings, ...commands, ...servers];
}
