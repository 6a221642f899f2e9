/** The coding agents whose transcripts are read, in the order in which lists show them. */
export const AGENTS = ['claude-code', 'codex', 'gemini', 'opencode', 'copilot', 'cursor', 'aider'] as const;

export type AgentId = (typeof AGENTS)[number];

/** Display names. */
export const AGENT_NAMES: Readonly<Record<AgentId, string>> = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  opencode: 'opencode',
  copilot: 'Copilot CLI',
  cursor: 'Cursor',
  aider: 'Aider',
};

/** Agents that can run a command at certain moments of a session. */
export const HOOK_AGENTS = [
  'claude-code',
  'codex',
  'gemini',
  'copilot',
  'cursor',
] as const satisfies readonly AgentId[];

export type HookAgent = (typeof HOOK_AGENTS)[number];

/** Letters, digits, `-`, `_` and inner dots: the characters of every agent's ids, and safe in a path. */
const SESSION_ID = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?$/;

/** True for an id that is safe in a path or a command: not empty, no separator, no leading or trailing dot. */
export function isSessionId(text: string): boolean {
  return SESSION_ID.test(text) && !text.includes('..');
}

/**
 * Returns the short ids for display and commands: the beginning of each id, or its end where several begin alike.
 * @param ids of all sessions
 */
export function shortIds(ids: readonly string[]): (id: string) => string {
  const known = new Map<string, number>();
  const forms = (id: string): readonly string[] => [id.slice(0, 8), id.slice(0, 15), id.slice(-8)];
  for (const id of ids) for (const form of new Set(forms(id))) known.set(form, (known.get(form) ?? 0) + 1);
  return (id) => forms(id).find((form) => known.get(form) === 1) ?? id;
}
