import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeDigest } from '../adapters/system/node-digest.ts';
import { launcherOf } from '../core/agent-hooks/launcher.ts';
import { launchWords } from '../core/install/command-line.ts';
import { claudeCodeState, type AgentState } from '../core/setup/agents.ts';
import { claudeFolder } from './claude-code.ts';
import { openCommandLine } from './command-line.ts';

/** How Claude Code of this user is connected to this program; null where nothing says where its folder is. */
export async function agentHere(): Promise<AgentState | null> {
  const folder = claudeFolder();
  if (!folder.ok) return null;
  const launcher = launcherOf(await launchWords(openCommandLine()), process.platform === 'win32');
  const deps = { files: createNodeFiles(), clock: createNodeClock(), bytes: createNodeDigest() };
  return claudeCodeState(deps, { folder: folder.value, launcher });
}
