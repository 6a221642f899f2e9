import { join } from 'node:path';
import { appError, type AppError } from '../../shared/app-error.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { userServers } from '../core/launcher/mcp-places.ts';
import type { McpPlace } from '../core/agent-hooks/mcp-registration.ts';
import { userHome } from './user-home.ts';

/** The folder of Claude Code's settings and commands for this user; `not-configured` where nothing says where the home folder is. */
export function claudeFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<string, AppError> {
  const named = env['CLAUDE_CONFIG_DIR'] ?? '';
  if (named !== '') return ok(named);
  const home = userHome();
  if (home !== null) return ok(join(home, '.claude'));
  return err(
    appError(
      'not-configured',
      'Nothing says where this user\u2019s home folder is, so its .claude cannot be found.',
      'Set HOME or CLAUDE_CONFIG_DIR, or name the folder: --folder <folder>.',
    ),
  );
}

/**
 * Where this user's agents look for servers of tools.
 * @param folder Claude Code's, absolute
 */
export function userServersHere(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly McpPlace[] {
  return userServers({ claudeFolder: folder, home: userHome(), codexHome: env['CODEX_HOME'] ?? '' });
}
