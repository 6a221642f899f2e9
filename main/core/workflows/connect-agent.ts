import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import {
  installHooks,
  removeHooks,
  type HooksChange,
  type HooksRequest,
} from '../agent-hooks/claude-hooks.ts';
import { lastingLaunchWords } from '../install/command-line.ts';
import { launcherOf } from '../launcher/launcher-words.ts';
import { launcherNow, type AgentDeps } from './look-at-agent.ts';

/** A change of an agent's files; `folder` is its `.claude` folder, absolute. */
export type AgentRequest = Omit<HooksRequest, 'launcher'>;

/** Connects Claude Code: hooks, `/save` and `/sync`, started by a command line that stays where it is. A dry run installs none. */
export async function connectAgent(
  deps: AgentDeps,
  request: AgentRequest,
): Promise<Result<HooksChange, AppError>> {
  if (request.dryRun) return installHooks(deps, { ...request, launcher: await launcherNow(deps) });
  const { commandLine } = deps;
  const words = await lastingLaunchWords(commandLine);
  if (!words.ok) return words;
  return installHooks(deps, { ...request, launcher: launcherOf(words.value, commandLine.place.windows) });
}

/** Takes hooks and commands of ours out of a `.claude` folder again. */
export async function disconnectAgent(
  deps: AgentDeps,
  request: AgentRequest,
): Promise<Result<HooksChange, AppError>> {
  return removeHooks(deps, { ...request, launcher: await launcherNow(deps) });
}
