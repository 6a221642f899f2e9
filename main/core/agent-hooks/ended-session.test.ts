import { expect, it } from 'vitest';
import { endedSession } from './ended-session.ts';

const ID = '6f9a1c1e-0000-4000-8000-000000000001';
const PATH = `/home/ada/.claude/projects/-home-ada-harbour/${ID}.jsonl`;
const payload = { session_id: ID, transcript_path: PATH, hook_event_name: 'SessionEnd', reason: 'exit' };

it('is what the payload of the agent says', () => {
  expect(endedSession('claude-code', payload)).toEqual({ agent: 'claude-code', id: ID, transcript: PATH });
});

it.each([
  [
    'a payload of Cursor, which runs the hooks of Claude Code',
    'claude-code',
    { ...payload, cursor_version: '3.17' },
  ],
  ['an agent that nobody knows', 'vim', payload],
  ['an id that is a path', 'claude-code', { ...payload, session_id: '../../etc' }],
  ['an id that is no text', 'claude-code', { ...payload, session_id: 7 }],
  ['no transcript', 'codex', { ...payload, transcript_path: null }],
  ['a transcript without end', 'codex', { ...payload, transcript_path: 'x'.repeat(5_000) }],
  ['a list', 'codex', [payload]],
  ['nothing', 'codex', null],
])('is none for %s', (_, agent, value) => {
  expect(endedSession(agent, value)).toBeNull();
});
