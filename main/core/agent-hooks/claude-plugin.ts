import { unwrap } from '../../../shared/result.ts';
import { AGENT_COMMANDS, commandBody } from './command-file.ts';
import { hookText } from './hook-text.ts';
import { MCP_NAME, mcpEntry } from './mcp-registration.ts';

/** What the plugin is called; its commands are `/session-log:save` and `/session-log:sync`. */
const NAME = MCP_NAME;
const DESCRIPTION = 'Every session leaves a log: hooks, /save, /sync, and tools to search the logs of a team';

/** By it a folder is known to hold a plugin of ours. */
export const PLUGIN_MANIFEST = '.claude-plugin/plugin.json';

/** What starts the command line. */
export interface PluginLaunch {
  /** Program and arguments. */
  readonly words: readonly string[];
  /** The same as a command line, see `launcherOf`. */
  readonly launcher: string;
  readonly version: string;
}

/**
 * The files of a plugin for Claude Code: the hooks, the two commands as skills, and the server of tools. It is a marketplace of one as well,
 * so that it can be installed from the folder.
 * @returns texts by their paths in the folder, `/`-separated
 */
export function pluginFiles({ words, launcher, version }: PluginLaunch): ReadonlyMap<string, string> {
  const hooks = JSON.parse(unwrap(hookText('claude-code').put(null, launcher))) as object;
  const skills = AGENT_COMMANDS.map((command) => {
    const text = commandBody(command, launcher).replace(/^---\n/, `---\nname: ${command}\n`);
    return [`skills/${command}/SKILL.md`, text] as const;
  });
  return new Map([
    [PLUGIN_MANIFEST, json({ name: NAME, version, description: DESCRIPTION })],
    [
      '.claude-plugin/marketplace.json',
      json({
        name: NAME,
        owner: { name: 'Session Log' },
        plugins: [{ name: NAME, source: './', description: DESCRIPTION }],
      }),
    ],
    ['hooks/hooks.json', json({ description: DESCRIPTION, ...hooks })],
    ['.mcp.json', json({ mcpServers: { [MCP_NAME]: mcpEntry(words) } })],
    ...skills,
  ]);
}

/** Whether a manifest is that of our plugin. */
export function isOurManifest(text: string): boolean {
  try {
    return (JSON.parse(text) as { name?: unknown } | null)?.name === NAME;
  } catch {
    return false;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
