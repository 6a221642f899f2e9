import { delimiter } from 'node:path';
import { loadCountTokens } from '../adapters/secrets/count-tokens.ts';
import { createHistories } from '../adapters/transcripts/aider/chats.ts';
import type { Databases } from '../adapters/transcripts/opencode/opencode-source.ts';
import type { ManagedSettings } from '../core/capture/agent-settings.ts';
import { withholdSecrets } from '../core/capture/withhold-secrets.ts';
import type { Files } from '../core/ports/files.ts';
import type { TranscriptsHere } from '../core/workflows/capture-base.ts';
import { transcriptSources } from './transcript-sources.ts';

/** Where administrators put settings, as the agents' documentation names it. */
const MANAGED: Readonly<Partial<Record<NodeJS.Platform, ManagedSettings>>> = {
  linux: {
    claude: ['/etc/claude-code/managed-settings.json'],
    gemini: ['/etc/gemini-cli/settings.json'],
  },
  darwin: {
    claude: ['/Library/Application Support/ClaudeCode/managed-settings.json'],
    gemini: ['/Library/Application Support/GeminiCli/settings.json'],
  },
  win32: {
    claude: ['C:/Program Files/ClaudeCode/managed-settings.json'],
    gemini: ['C:/ProgramData/gemini-cli/settings.json'],
  },
};

/** The transcripts of this user's agents. @param files tells whether a disk answers */
export function transcriptsHere(
  files: Pick<Files, 'answers'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): TranscriptsHere {
  const histories = createHistories();
  const databases: Databases = new Map();
  return {
    // More folders are those of further accounts of Claude Code.
    sources: (roots, workspaces) =>
      transcriptSources(files, {
        env: {
          ...env,
          CLAUDE_CONFIG_DIR: [env['CLAUDE_CONFIG_DIR'] ?? '', ...roots]
            .filter((root) => root !== '')
            .join(delimiter),
        },
        workspaces,
        histories,
        databases,
      }),
    managed: MANAGED[platform] ?? { claude: [], gemini: [] },
    withhold: async () => withholdSecrets(await loadCountTokens()),
  };
}
