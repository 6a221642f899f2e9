import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeDigest } from '../adapters/system/node-digest.ts';
import type { AgentState } from '../core/agent-hooks/agent-state.ts';
import { agentState } from '../core/workflows/look-at-agent.ts';
import { claudeFolder } from './agent-folders.ts';
import { openCommandLine } from './command-line.ts';

/** Reads how this user's Claude Code is connected to this program; null where its folder is unknown. */
export async function agentHere(): Promise<AgentState | null> {
  const folder = claudeFolder();
  if (!folder.ok) return null;
  const deps = { files: createNodeFiles(), clock: createNodeClock(), bytes: createNodeDigest() };
  return agentState({ ...deps, commandLine: openCommandLine() }, folder.value);
}
