import { AGENTS, isSessionId, type AgentId } from '../../../shared/transcripts/agents.ts';

/** A session reported by an agent's hook. */
export interface HookSession {
  readonly agent: AgentId;
  readonly id: string;
  /** Absolute, from the agent; null if absent. */
  readonly transcript: string | null;
  /** It has ended; else it may go on. */
  readonly isOver: boolean;
}

const PATH_LENGTH = 4_096;

/** An agent's names for id and transcript in a hook's payload. */
type Names = readonly [id: string, transcript: string];

const CLAUDE: Names = ['session_id', 'transcript_path'];
const NAMES: Readonly<Partial<Record<AgentId, readonly Names[]>>> = {
  'claude-code': [CLAUDE],
  // Its notify setting names a thread; its hooks resemble Claude Code's.
  codex: [['thread-id', ''], CLAUDE],
  gemini: [CLAUDE],
  copilot: [['sessionId', 'transcriptPath'], CLAUDE],
  cursor: [['conversation_id', 'transcript_path']],
};

/**
 * Reads the session from a hook's payload.
 * @param agent as in the hook's command
 * @returns null when it names none to be captured: another agent's payload (Cursor also runs the hooks of Claude Code), an id that
 * could be a path, an invalid transcript
 */
export function hookSession(agent: string, payload: unknown, isOver: boolean): HookSession | null {
  if (typeof payload !== 'object' || payload === null) return null;
  if ('cursor_version' in payload && agent !== 'cursor') return null;
  const said = payload as Record<string, unknown>;
  const known = Object.hasOwn(NAMES, agent) ? NAMES[agent as AgentId] : undefined;
  const names = known?.find(([id]) => said[id] !== undefined);
  if (names === undefined) return null;
  const session = { agent, id: said[names[0]], transcript: said[names[1]] ?? null, isOver };
  return isHookSession(session) ? session : null;
}

/** Whether a foreign value is a session to be captured. */
export function isHookSession(value: object): value is HookSession {
  const { agent, id, transcript, isOver } = value as Partial<Record<keyof HookSession, unknown>>;
  return (
    AGENTS.some((known) => known === agent) &&
    typeof id === 'string' &&
    isSessionId(id) &&
    typeof isOver === 'boolean' &&
    (transcript === null || isPath(transcript))
  );
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= PATH_LENGTH && !value.includes('\0');
}
