import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { unregisterMcp, type McpPlace } from '../agent-hooks/mcp-registration.ts';
import { changedFiles, removeHooks } from '../agent-hooks/claude-hooks.ts';
import type { EditDeps } from '../agent-hooks/edit-agent-file.ts';
import type { AgentPlace } from '../agent-hooks/hooks-status.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { inFolder } from '../files/folder-path.ts';
import { commandLineState, removeCommandLine, type CommandLineDeps } from '../install/command-line.ts';
import { readTarget } from '../launcher/find-launcher.ts';
import type { DataPaths } from '../files/data-paths.ts';

/** One thing Session Log put outside its data folder. */
export interface UninstalledPart {
  readonly part: 'hooks' | 'schedule' | 'login' | 'command';
  /** Where it is or was: a path, or a name in words. */
  readonly place: string;
  /** `changed`: our part was removed from it; `kept`: it is not ours or was changed; `failed`: see `error`. */
  readonly action: 'removed' | 'changed' | 'kept' | 'failed';
  readonly error?: AppError;
}

export interface UninstallReport {
  readonly dryRun: boolean;
  /** What there was to remove; may be empty. */
  readonly parts: readonly UninstalledPart[];
  /** What stays: existing paths, with descriptions. */
  readonly stays: readonly { readonly path: string; readonly what: string }[];
  readonly store: string;
  /** How to remove the program: a sentence with a command. */
  readonly program: string;
}

/** System timers that Session Log has set up. */
export interface ScheduleRemoval {
  /** Removes them, or names them in a dry run; empty where there is none. */
  remove(dryRun: boolean): Answer<readonly string[]>;
}

export interface UninstallDeps extends EditDeps {
  readonly commandLine: CommandLineDeps;
  readonly settings: SettingsStore;
  readonly schedule: ScheduleRemoval | null;
  readonly paths: UninstallPaths;
}

/** Absolute paths. */
export interface UninstallPaths {
  /** Where agents may have our hooks: in the user's folders, and in those of the workspaces. */
  readonly agents: readonly HookPlace[];
  /** Files in which agents may have `session-log mcp`: the user's, and those of the workspaces. */
  readonly servers: readonly McpPlace[];
  /** The desktop's entry that starts the app at login; null where the system has no such file. */
  readonly loginEntry: string | null;
  readonly backups: string;
  /** The person's data, each with a description. Not all of it needs to exist. */
  readonly data: readonly { readonly path: string; readonly what: string }[];
}

/**
 * Removes what connects this machine to agents and the system: hooks and commands, timers, the start at login, the launcher. Never a log, a
 * setting or anything in a store. A part that fails does not stop the others.
 */
export async function uninstall(deps: UninstallDeps, dryRun: boolean): Promise<UninstallReport> {
  const parts = [
    ...(await removeAgentHooks(deps, dryRun)),
    ...(await removeSchedule(deps, dryRun)),
    ...(await removeLoginEntry(deps, dryRun)),
    // Last: it may have started this very program.
    ...(await removeLauncher(deps, dryRun)),
  ];
  const stays = [];
  for (const one of deps.paths.data) {
    const facts = await deps.files.stat(one.path);
    if (facts.ok && facts.value !== null) stays.push(one);
  }
  const settings = deps.settings.get();
  return {
    dryRun,
    parts,
    stays,
    store: settings.ok ? settings.value.store.url : '',
    program: await programStep(deps),
  };
}

async function removeAgentHooks(deps: UninstallDeps, dryRun: boolean): Promise<UninstalledPart[]> {
  const parts: UninstalledPart[] = [];
  for (const { agent, folder } of deps.paths.agents) {
    const request = { agent, folder, launcher: '', backups: deps.paths.backups, dryRun, force: false };
    const removed = await removeHooks(deps, request);
    if (!removed.ok) parts.push({ part: 'hooks', place: folder, action: 'failed', error: removed.error });
    else
      for (const { path, action } of changedFiles(removed.value))
        if (action === 'removed' || action === 'changed' || action === 'kept')
          parts.push({ part: 'hooks', place: path, action });
  }
  for (const place of deps.paths.servers) {
    const request = { place, words: [], backups: deps.paths.backups, dryRun };
    const removed = await unregisterMcp(deps, request);
    if (!removed.ok) parts.push({ part: 'hooks', place: place.path, action: 'failed', error: removed.error });
    else if (removed.value.action === 'removed' || removed.value.action === 'changed')
      parts.push({ part: 'hooks', place: place.path, action: removed.value.action });
  }
  return parts;
}

async function removeSchedule({ schedule }: UninstallDeps, dryRun: boolean): Promise<UninstalledPart[]> {
  if (schedule === null) return [];
  const removed = await schedule.remove(dryRun);
  if (!removed.ok) return [{ part: 'schedule', place: 'schedule', action: 'failed', error: removed.error }];
  return removed.value.map((place): UninstalledPart => ({ part: 'schedule', place, action: 'removed' }));
}

/** Clears the setting too, or the app would restore the entry when started. */
async function removeLoginEntry(deps: UninstallDeps, dryRun: boolean): Promise<UninstalledPart[]> {
  const { files, settings, paths } = deps;
  const parts: UninstalledPart[] = [];
  const now = settings.get();
  const wanted = now.ok && now.value.app.launchAtLogin;
  if (wanted) {
    const app = { ...now.value.app, launchAtLogin: false };
    const saved = dryRun ? ok(undefined) : settings.set({ ...now.value, app }, now.value);
    parts.push(partOf('login', 'setting app.launchAtLogin', saved));
  }
  if (paths.loginEntry === null) return parts;
  const facts = await files.stat(paths.loginEntry);
  if (!facts.ok || facts.value === null) return parts;
  return [
    ...parts,
    partOf('login', paths.loginEntry, dryRun ? ok(undefined) : await files.remove(paths.loginEntry)),
  ];
}

async function removeLauncher({ commandLine }: UninstallDeps, dryRun: boolean): Promise<UninstalledPart[]> {
  const { place } = commandLine;
  if (place.windows || (await readTarget(commandLine, place.launcher)) === null) return [];
  return [partOf('command', place.launcher, dryRun ? ok(undefined) : await removeCommandLine(commandLine))];
}

function partOf(
  part: UninstalledPart['part'],
  place: string,
  result: Result<unknown, AppError>,
): UninstalledPart {
  return result.ok
    ? { part, place, action: 'removed' }
    : { part, place, action: 'failed', error: result.error };
}

async function programStep({ commandLine }: UninstallDeps): Promise<string> {
  const { place } = commandLine;
  if (place.kind === 'npm') return 'npm uninstall -g session-log';
  if (place.kind === 'source')
    return 'Delete the clone; if you ran npm link in it: npm unlink -g session-log';
  if (place.windows) return 'Settings > Apps > Session Log > Uninstall';
  const state = await commandLineState(commandLine);
  if (state.ok && state.value.by === 'system') return 'sudo apt remove session-log';
  return 'Quit the app, then delete it';
}

/** A person's data, most valuable first. */
export function dataOf(
  paths: Pick<
    DataPaths,
    | 'sessionLogs'
    | 'unsaved'
    | 'settings'
    | 'machineId'
    | 'backups'
    | 'migrations'
    | 'store'
    | 'cache'
    | 'state'
  >,
): UninstallPaths['data'] {
  return [
    { path: paths.sessionLogs, what: 'your logs' },
    { path: paths.unsaved, what: 'texts of saves that failed' },
    { path: paths.settings, what: 'settings' },
    { path: paths.machineId, what: 'the identity of this machine' },
    { path: paths.backups, what: 'copies of other programs’ files before a change' },
    { path: paths.migrations, what: 'records of migrations' },
    { path: paths.store, what: 'the store on this machine' },
    { path: paths.cache, what: 'logs of other machines; the store has them' },
    { path: paths.state, what: 'index and journals; made again when needed' },
  ];
}

/** An agent and its settings folder. */
type HookPlace = Pick<AgentPlace, 'agent' | 'folder'>;

/** Where a user's agents have hooks, and Claude Code in their workspaces. */
export function hookPlacesOf(
  user: readonly HookPlace[],
  workspaces: readonly string[],
): readonly HookPlace[] {
  const places = [
    ...user,
    ...workspaces.map((root) => ({ agent: 'claude-code' as const, folder: inFolder(root, '.claude') })),
  ];
  return [...new Map(places.map((place) => [`${place.agent} ${place.folder}`, place])).values()];
}
