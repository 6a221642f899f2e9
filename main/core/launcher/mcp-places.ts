import { inFolder, nameOf, parentOf } from '../files/folder-path.ts';
import type { McpPlace } from '../agent-hooks/mcp-registration.ts';

/** Agents in which the tools can be registered. */
export const MCP_AGENTS = ['claude-code', 'codex', 'gemini'] as const;

/**
 * Where Claude Code registers servers: for a user beside its folder (`~/.claude.json`), or inside it if the folder has another name
 * (`CLAUDE_CONFIG_DIR`).
 * @param folder Claude Code's folder, absolute
 */
export function claudeServers(folder: string): McpPlace {
  const parent = nameOf(folder) === '.claude' ? parentOf(folder) : null;
  return { agent: 'claude-code', path: inFolder(parent ?? folder, '.claude.json') };
}

/**
 * Where all agents of a user register servers.
 * @param at Claude Code's folder, the user's home folder (null if unknown) and `CODEX_HOME` (empty for none)
 */
export function userServers(at: {
  readonly claudeFolder: string;
  readonly home: string | null;
  readonly codexHome: string;
}): readonly McpPlace[] {
  const codex = at.codexHome === '' ? (at.home === null ? null : inFolder(at.home, '.codex')) : at.codexHome;
  return [
    claudeServers(at.claudeFolder),
    ...(codex === null ? [] : [{ agent: 'codex', path: inFolder(codex, 'config.toml') } as const]),
    ...(at.home === null
      ? []
      : [{ agent: 'gemini', path: inFolder(at.home, '.gemini', 'settings.json') } as const]),
  ];
}

/** Where agents register a project's servers. */
export function projectServers(root: string): readonly McpPlace[] {
  return [
    { agent: 'claude-code', path: inFolder(root, '.mcp.json') },
    { agent: 'codex', path: inFolder(root, '.codex', 'config.toml') },
    { agent: 'gemini', path: inFolder(root, '.gemini', 'settings.json') },
  ];
}
