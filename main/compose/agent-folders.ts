import { delimiter, join } from 'node:path';
import { appError, type AppError } from '../../shared/app-error.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { HookAgent } from '../../shared/transcripts/agents.ts';
import { userServers } from '../core/launcher/mcp-places.ts';
import type { McpPlace } from '../core/agent-hooks/mcp-registration.ts';
import { userHome } from './user-home.ts';

/**
 * Returns Claude Code's folder of settings and commands for this user; `not-configured` where the home folder is unknown. If
 * `CLAUDE_CONFIG_DIR` names several (docs/transcripts.md), the first.
 */
export function claudeFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<string, AppError> {
  const named = firstFolder(env['CLAUDE_CONFIG_DIR']);
  if (named !== '') return ok(named);
  const home = userHome();
  if (home !== null) return ok(join(home, '.claude'));
  return err(homeless('.claude'));
}

/** Transcripts are read from all folders that a variable names, settings from the first. */
function firstFolder(named = ''): string {
  return named.split(delimiter).find((folder) => folder !== '') ?? '';
}

function homeless(folder: string): AppError {
  return appError(
    'not-configured',
    `Nothing says where this user\u2019s home folder is, so its ${folder} cannot be found.`,
    'Set HOME, or name the folder: --folder <folder>.',
  );
}

/** Settings folders below the home folder, and the variables that override them. */
const FOLDERS: Readonly<Record<Exclude<HookAgent, 'claude-code'>, readonly [usual: string, named: string]>> =
  {
    codex: ['.codex', 'CODEX_HOME'],
    gemini: ['.gemini', ''],
    copilot: ['.copilot', 'COPILOT_HOME'],
    cursor: ['.cursor', ''],
  };

/** Returns an agent's settings folder for this user; `not-configured` where the home folder is unknown. */
export function agentFolder(
  agent: HookAgent,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<string, AppError> {
  if (agent === 'claude-code') return claudeFolder(env);
  const [usual, variable] = FOLDERS[agent];
  const named = firstFolder(env[variable]);
  if (named !== '') return ok(named);
  const home = userHome();
  return home === null ? err(homeless(usual)) : ok(join(home, usual));
}

/**
 * Where this user's agents register tool servers.
 * @param folder Claude Code's, absolute
 */
export function userServersHere(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly McpPlace[] {
  return userServers({ claudeFolder: folder, home: userHome(), codexHome: firstFolder(env['CODEX_HOME']) });
}
