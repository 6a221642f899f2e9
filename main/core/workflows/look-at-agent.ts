import type { Answer } from '../../../shared/app-error.ts';
import { claudeCodeState, type AgentState } from '../agent-hooks/agent-state.ts';
import type { EditDeps } from '../agent-hooks/edit-agent-file.ts';
import { hooksStatus, type AgentPlace, type HooksStatus } from '../agent-hooks/hooks-status.ts';
import { launchWords, type CommandLineDeps } from '../install/command-line.ts';
import { launcherOf } from '../launcher/launcher-words.ts';

/** Dependencies of connecting an agent. */
export interface AgentDeps extends EditDeps {
  readonly commandLine: CommandLineDeps;
}

/** Reads how Claude Code is connected, from its settings folder (absolute). */
export async function agentState(deps: AgentDeps, folder: string): Promise<AgentState> {
  return claudeCodeState(deps, { folder, launcher: await launcherNow(deps) });
}

/** Finds the hooks and commands in an agent's folder. */
export async function agentHooks(deps: AgentDeps, place: Omit<AgentPlace, 'launcher'>): Answer<HooksStatus> {
  return hooksStatus(deps, { ...place, launcher: await launcherNow(deps) });
}

/** Returns the command line that hooks start, as installed now. */
export async function launcherNow({ commandLine }: AgentDeps): Promise<string> {
  return launcherOf(await launchWords(commandLine), commandLine.place.windows);
}
