import { AGENTS, isSessionId, type AgentId } from '../../../shared/transcripts/agents.ts';

/** A session of which an agent's hook tells. */
export interface HookSession {
  readonly agent: AgentId;
  readonly id: string;
  /** Absolute, as the agent said it; null where it said none. */
  readonly transcript: string | null;
  /** It has ended; else it may go on. */
  readonly isOver: boolean;
}

const PATH_LENGTH = 4_096;

/** How an agent names id and transcript in what it gives a hook. */
type Names = readonly [id: string, transcript: string];

const CLAUDE: Names = ['session_id', 'transcript_path'];
const NAMES: Readonly<Partial<Record<AgentId, readonly Names[]>>> = {
  'claude-code': [CLAUDE],
  // Its notify setting names a thread; its hooks are like those of Claude Code.
  codex: [['thread-id', ''], CLAUDE],
  gemini: [CLAUDE],
  copilot: [['sessionId', 'transcriptPath'], CLAUDE],
  cursor: [['conversation_id', 'transcript_path']],
};

/**
 * What the payload of a hook says of the session.
 * @param agent as the hook's command names it
 * @returns null when it names none that may be looked for: another agent's payload (Cursor runs the hooks of Claude Code, too), an id that
 *   could be a path, a transcript that is none
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

/** Whether a value from elsewhere is a session that may be looked for. */
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
