import { unwrap } from '../../../shared/result.ts';
import { AGENT_COMMANDS, commandBody } from './command-file.ts';
import { hookText } from './hook-text.ts';
import { MCP_NAME, mcpEntry } from './mcp-registration.ts';

/** The plugin's name; its commands are `/session-log:save` and `/session-log:sync`. */
const NAME = MCP_NAME;
const DESCRIPTION = 'Every session leaves a log: hooks, /save, /sync, and tools to search the logs of a team';

const OWNER = { name: 'Session Log' };
/** For people who find the folder in a repository; Claude Code's own check requires it. */
const README = `# Session Log

${DESCRIPTION}.

With this plugin Claude Code shows notes of colleagues when a session begins, copies transcripts before they are deleted, and pushes logs to the
team's store when it ends. \`/session-log:save\` writes the log of a session, \`/session-log:sync\` commits and pulls logs of a workspace. It starts
the command line of Session Log, which has to be installed; \`session-log doctor\` says what is missing.
`;

/** Identifies a folder as a plugin of ours. */
export const PLUGIN_MANIFEST = '.claude-plugin/plugin.json';

export const README_FILE = 'README.md';

/** What starts the command line. */
export interface PluginLaunch {
  /** Program and arguments. */
  readonly words: readonly string[];
  /** As one command line, see `launcherOf`. */
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
    [PLUGIN_MANIFEST, json({ name: NAME, version, description: DESCRIPTION, author: OWNER, license: 'MIT' })],
    [
      '.claude-plugin/marketplace.json',
      json({
        name: NAME,
        description: DESCRIPTION,
        owner: OWNER,
        plugins: [{ name: NAME, source: './', description: DESCRIPTION }],
      }),
    ],
    [README_FILE, README],
    ['hooks/hooks.json', json({ description: DESCRIPTION, ...hooks })],
    ['.mcp.json', json({ mcpServers: { [MCP_NAME]: mcpEntry(words) } })],
    ...skills,
  ]);
}

/** Whether a manifest is our plugin's. */
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
