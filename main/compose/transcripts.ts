import { delimiter } from 'node:path';
import type { ManagedSettings } from '../core/capture/agent-settings.ts';
import type { Files } from '../core/ports/files.ts';
import type { TranscriptsHere } from '../core/workflows/capture-base.ts';
import type { KnownFiles } from './transcript-sources.ts';

/** Where administrators put settings, per the agents' documentation. */
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

/**
 * The transcripts of this user's agents.
 * @param files tells whether a disk responds
 * @param home the user's home folder; default the system's
 */
export function transcriptsHere(
  files: Pick<Files, 'answers'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home?: string,
): TranscriptsHere {
  let known: KnownFiles | null = null;
  return {
    // More folders belong to further accounts of Claude Code.
    async sources(roots, workspaces, listOnly = false) {
      const { knownFiles, loadZstd, transcriptSources } = await import('./transcript-sources.ts');
      if (!listOnly) await loadZstd();
      known ??= knownFiles();
      return transcriptSources(files, {
        env: {
          ...env,
          CLAUDE_CONFIG_DIR: [env['CLAUDE_CONFIG_DIR'] ?? '', ...roots]
            .filter((root) => root !== '')
            .join(delimiter),
        },
        workspaces,
        ...(home === undefined ? {} : { home }),
        known,
      });
    },
    managed: MANAGED[platform] ?? { claude: [], gemini: [] },
    async withhold(make) {
      const { withholdSecrets } = await import('../core/capture/withhold-secrets.ts');
      const { withTokens } = await import('../adapters/secrets/with-tokens.ts');
      return withTokens((countTokens) => make(withholdSecrets(countTokens)));
    },
  };
}
