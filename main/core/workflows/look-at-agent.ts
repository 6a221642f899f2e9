import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import { claudeCodeState, type AgentState } from '../agent-hooks/agent-state.ts';
import type { EditDeps } from '../agent-hooks/edit-agent-file.ts';
import { hooksStatus, type AgentPlace, type HooksStatus } from '../agent-hooks/hooks-status.ts';
import { launchWords, type CommandLineDeps } from '../install/command-line.ts';
import { launcherOf } from '../launcher/launcher-words.ts';

/** What joining an agent to this program takes. */
export interface AgentDeps extends EditDeps {
  readonly commandLine: CommandLineDeps;
}

/** Looks how Claude Code is connected, in the folder of its settings (absolute). */
export async function agentState(deps: AgentDeps, folder: string): Promise<AgentState> {
  return claudeCodeState(deps, { folder, launcher: await launcherNow(deps) });
}

/** Looks which hooks and commands stand in the folder of an agent. */
export async function agentHooks(
  deps: AgentDeps,
  place: Omit<AgentPlace, 'launcher'>,
): Promise<Result<HooksStatus, AppError>> {
  return hooksStatus(deps, { ...place, launcher: await launcherNow(deps) });
}

/** The command line that hooks start, as this program is installed now. */
export async function launcherNow({ commandLine }: AgentDeps): Promise<string> {
  return launcherOf(await launchWords(commandLine), commandLine.place.windows);
}
