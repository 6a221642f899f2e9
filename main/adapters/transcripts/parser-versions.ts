/**
 * The version of each agent's parsers, known without loading them: a listing compares it with what it remembers. It goes up when the same bytes
 * give other events.
 */
export const PARSER_VERSIONS = {
  'claude-code': 'claude-code/3',
  codex: 'codex/1',
  gemini: 'gemini/2',
  opencode: 'opencode/2',
  copilot: 'copilot/2',
  cursor: 'cursor/2',
  aider: 'aider/1',
} as const;
