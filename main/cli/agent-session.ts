/**
 * Variables in which agents give their commands the session id, most trusted first. Ours is first so that a script can decide. With nested
 * agents (one runs the other) the first in this list is used.
 */
export const SESSION_VARIABLES = [
  'SESSION_LOG_SESSION',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_SESSION_ID',
  'CODEX_THREAD_ID',
  'CODEX_SESSION_ID',
  'GEMINI_SESSION_ID',
  'OPENCODE_SESSION_ID',
  'CURSOR_CONVERSATION_ID',
  'CURSOR_SESSION_ID',
  'AGENT_SESSION_ID',
] as const;

/**
 * Returns the id of the session a command runs in.
 * @param named `--session`; an empty one is ignored, because an agent that does not know the variable passes `""`
 * @returns null when unknown
 */
export function agentSession(
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (named) return named;
  for (const variable of SESSION_VARIABLES) if (env[variable]) return env[variable];
  return null;
}
