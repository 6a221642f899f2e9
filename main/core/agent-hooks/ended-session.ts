import { AGENTS, isSessionId, type AgentId } from '../../../shared/transcripts/agents.ts';

/** A session that its agent says has ended. */
export interface EndedSession {
  readonly agent: AgentId;
  readonly id: string;
  /** Absolute, as the agent said it. */
  readonly transcript: string;
}

const PATH_LENGTH = 4_096;

/**
 * What the payload of a hook says of the session.
 * @param agent as the hook's command names it
 * @returns null when it names none that may be looked for: another agent's payload (Cursor runs the hooks of Claude Code, too), an id that
 *   could be a path, no transcript
 */
export function endedSession(agent: string, payload: unknown): EndedSession | null {
  if (typeof payload !== 'object' || payload === null || 'cursor_version' in payload) return null;
  const { session_id: id, transcript_path: transcript } = payload as Record<string, unknown>;
  const session = { agent, id, transcript };
  return isEndedSession(session) ? session : null;
}

/** Whether a value from elsewhere is a session that has ended. */
export function isEndedSession(value: object): value is EndedSession {
  const { agent, id, transcript } = value as Partial<Record<keyof EndedSession, unknown>>;
  return (
    AGENTS.some((known) => known === agent) &&
    typeof id === 'string' &&
    isSessionId(id) &&
    typeof transcript === 'string' &&
    transcript !== '' &&
    transcript.length <= PATH_LENGTH &&
    !transcript.includes('\0')
  );
}
