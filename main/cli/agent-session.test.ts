import { describe, expect, it } from 'vitest';
import { agentSession } from './agent-session.ts';

describe('the session of an agent', () => {
  it('is the one named, else the most trusted variable that says something', () => {
    expect(agentSession('s-1', { CLAUDE_SESSION_ID: 'x' })).toBe('s-1');
    expect(agentSession('', { CLAUDE_SESSION_ID: 'x', CODEX_THREAD_ID: 'y' })).toBe('x');
    expect(agentSession(undefined, { CLAUDE_CODE_SESSION_ID: '', CODEX_THREAD_ID: 'y' })).toBe('y');
    expect(agentSession(undefined, { CLAUDE_SESSION_ID: 'x', SESSION_LOG_SESSION: 'mine' })).toBe('mine');
    expect(agentSession(undefined, {})).toBeNull();
  });
});
