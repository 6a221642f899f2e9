import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import { claudeCodeState, type AgentState } from '../agent-hooks/agent-state.ts';
import {
  hooksStatus,
  installHooks,
  removeHooks,
  type HooksChange,
  type HooksRequest,
  type HooksStatus,
} from '../agent-hooks/claude-hooks.ts';
import type { EditDeps } from '../agent-hooks/edit-agent-file.ts';
import { lastingLaunchWords, launchWords, type CommandLineDeps } from '../install/command-line.ts';
import { launcherOf } from '../launcher/launcher-words.ts';

/** What joining an agent to this program takes. */
export interface AgentDeps extends EditDeps {
  readonly commandLine: CommandLineDeps;
}

/** A change of an agent's files; `folder` is its `.claude` folder, absolute. */
export type AgentRequest = Omit<HooksRequest, 'launcher'>;

/** Looks how Claude Code is connected, in the folder of its settings (absolute). */
export async function agentState(deps: AgentDeps, folder: string): Promise<AgentState> {
  return claudeCodeState(deps, { folder, launcher: await launcherNow(deps) });
}

/** Looks which hooks and commands stand in a `.claude` folder (absolute). */
export async function agentHooks(deps: AgentDeps, folder: string): Promise<Result<HooksStatus, AppError>> {
  return hooksStatus(deps, { folder, launcher: await launcherNow(deps) });
}

/** Connects Claude Code: hooks, `/save` and `/sync`, started by a command line that stays where it is. A dry run installs none. */
export async function connectAgent(
  deps: AgentDeps,
  request: AgentRequest,
): Promise<Result<HooksChange, AppError>> {
  if (request.dryRun) return installHooks(deps, { ...request, launcher: await launcherNow(deps) });
  const words = await lastingLaunchWords(deps.commandLine);
  return words.ok ? installHooks(deps, { ...request, launcher: launcher(deps, words.value) }) : words;
}

/** Takes hooks and commands of ours out of a `.claude` folder again. */
export async function disconnectAgent(
  deps: AgentDeps,
  request: AgentRequest,
): Promise<Result<HooksChange, AppError>> {
  return removeHooks(deps, { ...request, launcher: await launcherNow(deps) });
}

async function launcherNow(deps: AgentDeps): Promise<string> {
  return launcher(deps, await launchWords(deps.commandLine));
}

function launcher({ commandLine }: AgentDeps, words: readonly string[]): string {
  return launcherOf(words, commandLine.place.windows);
}
