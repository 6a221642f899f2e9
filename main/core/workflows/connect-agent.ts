import type { Answer } from '../../../shared/app-error.ts';
import {
  installHooks,
  removeHooks,
  type HooksChange,
  type HooksRequest,
} from '../agent-hooks/claude-hooks.ts';
import { mcpState, type McpPlace } from '../agent-hooks/mcp-registration.ts';
import { lastingLaunchWords, launchWords } from '../install/command-line.ts';
import { launcherOf } from '../launcher/launcher-words.ts';
import type { AgentDeps } from './look-at-agent.ts';

/** A change to an agent's files; `folder` is its absolute `.claude` folder. */
export type AgentRequest = Omit<HooksRequest, 'launcher' | 'servers'> & {
  /** Files in which agents look for tool servers; default none. */
  readonly servers?: readonly McpPlace[];
};

/** Which agents' tools are registered and whether they start this program; `null` for an unreadable file. */
export interface RegisteredServer extends McpPlace {
  readonly state: Awaited<ReturnType<typeof mcpState>>;
}

/** Finds where `session-log mcp` is registered. */
export async function registeredServers(
  deps: AgentDeps,
  places: readonly McpPlace[],
): Promise<readonly RegisteredServer[]> {
  const words = await launchWords(deps.commandLine);
  return Promise.all(places.map(async (place) => ({ ...place, state: await mcpState(deps, place, words) })));
}

/** Connects Claude Code: hooks, `/save`, `/sync` and tools, started by a command line at a stable path. A dry run installs nothing. */
export async function connectAgent(deps: AgentDeps, request: AgentRequest): Answer<HooksChange> {
  if (request.dryRun)
    return installHooks(deps, withWords(deps, request, await launchWords(deps.commandLine)));
  const words = await lastingLaunchWords(deps.commandLine);
  return words.ok ? installHooks(deps, withWords(deps, request, words.value)) : words;
}

/** Removes our hooks and commands from a `.claude` folder. */
export async function disconnectAgent(deps: AgentDeps, request: AgentRequest): Answer<HooksChange> {
  return removeHooks(deps, withWords(deps, request, await launchWords(deps.commandLine)));
}

function withWords(
  deps: AgentDeps,
  { servers: places = [], ...request }: AgentRequest,
  words: readonly string[],
): HooksRequest {
  return {
    ...request,
    launcher: launcherOf(words, deps.commandLine.place.windows),
    servers: { places, words },
  };
}
