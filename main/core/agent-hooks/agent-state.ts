import type { AgentView } from '../../../shared/ipc/setup.ts';
import { hooksStatus, type AgentPlace, type HooksStatus } from './hooks-status.ts';
import type { EditDeps } from './edit-agent-file.ts';

/** An agent this program can connect. */
export interface AgentState extends AgentView {
  /** What is installed; null when the settings are unreadable. */
  readonly hooks: HooksStatus | null;
}

/**
 * Inspects Claude Code on this machine.
 * @param at its folder (`CLAUDE_CONFIG_DIR`, else `~/.claude`) and the CLI's command line, see `launcherOf`
 */
export async function claudeCodeState(deps: EditDeps, at: Omit<AgentPlace, 'agent'>): Promise<AgentState> {
  const there = await deps.files.stat(at.folder);
  const isFound = there.ok && there.value !== null;
  const base = { agent: 'claude-code', name: 'Claude Code', folder: at.folder, isFound } as const;
  const status = await hooksStatus(deps, { ...at, agent: 'claude-code' });
  if (!status.ok) return { ...base, state: 'broken', hooks: null, problem: status.error };
  return { ...base, state: stateOf(status.value), hooks: status.value, problem: null };
}

function stateOf({ state, missing, commands }: HooksStatus): AgentState['state'] {
  if (missing.length > 0) return 'broken';
  // A user's own /save is their choice, and no fault of the connection.
  const lacking = commands.some((command) => command.state === 'absent' || command.state === 'outdated');
  if (state === 'absent')
    return commands.every((command) => command.state === 'absent') ? 'not-connected' : 'partly';
  return state === 'installed' && !lacking ? 'connected' : 'partly';
}
