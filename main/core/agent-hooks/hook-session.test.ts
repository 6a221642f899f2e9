import { expect, it } from 'vitest';
import { hookSession } from './hook-session.ts';

const ID = '6f9a1c1e-0000-4000-8000-000000000001';
const PATH = `/home/ada/.claude/projects/-home-ada-harbour/${ID}.jsonl`;
const payload = { session_id: ID, transcript_path: PATH, hook_event_name: 'SessionEnd', reason: 'exit' };
const notify = { type: 'agent-turn-complete', 'thread-id': ID, 'turn-id': '1', cwd: '/home/ada/harbour' };
const cursor = { conversation_id: ID, generation_id: 'g', cursor_version: '3.17', transcript_path: null };

it.each([
  ['claude-code', payload, PATH],
  ['gemini', payload, PATH],
  ['codex', payload, PATH],
  ['codex', notify, null],
  ['copilot', { sessionId: ID, cwd: '/home/ada', transcriptPath: PATH, stopReason: 'end_turn' }, PATH],
  ['copilot', { sessionId: ID, cwd: '/home/ada', reason: 'complete' }, null],
  ['cursor', cursor, null],
  ['cursor', { ...cursor, transcript_path: PATH }, PATH],
])('is what %s gives: %j', (agent, value, transcript) => {
  expect(hookSession(agent, value, true)).toEqual({ agent, id: ID, transcript, isOver: true });
});

it.each([
  ['a payload of Cursor, which runs the hooks of Claude Code', 'claude-code', { ...payload, ...cursor }],
  ['a payload of Claude Code in a hook of Cursor', 'cursor', payload],
  ['a payload of Codex in a hook of Claude Code', 'claude-code', notify],
  ['an agent that nobody knows', 'vim', payload],
  ['an agent without hooks', 'aider', payload],
  ['an agent by the name of what every object has', 'constructor', payload],
  ['an id that is a path', 'claude-code', { ...payload, session_id: '../../etc' }],
  ['an id that is no text', 'claude-code', { ...payload, session_id: 7 }],
  ['an id that is nothing', 'copilot', { sessionId: '' }],
  ['a transcript without end', 'codex', { ...payload, transcript_path: 'x'.repeat(5_000) }],
  ['a transcript that is no text', 'codex', { ...payload, transcript_path: {} }],
  ['a list', 'codex', [payload]],
  ['nothing', 'codex', null],
])('is none for %s (32)', (_, agent, value) => {
  expect(hookSession(agent, value, true)).toBeNull();
});
