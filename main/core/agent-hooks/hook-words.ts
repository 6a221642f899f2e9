import type { HookAgent } from '../../../shared/transcripts/agents.ts';

/** Our hooks' events: a session begins, the agent or a subagent has finished a turn, a session has ended. */
type HookCall = 'session-start' | 'turn-end' | 'session-end';

/**
 * Each agent's events with hooks, by its own names, in the written order. Only Claude Code is shown notes at the start: others would
 * misread a hook's output.
 */
const EVENTS: Readonly<Record<HookAgent, Readonly<Record<string, HookCall>>>> = {
  'claude-code': {
    SessionStart: 'session-start',
    Stop: 'turn-end',
    SubagentStop: 'turn-end',
    PreCompact: 'turn-end',
    SessionEnd: 'session-end',
  },
  codex: { notify: 'turn-end' },
  gemini: { AfterAgent: 'turn-end', PreCompress: 'turn-end', SessionEnd: 'session-end' },
  copilot: { agentStop: 'turn-end', subagentStop: 'turn-end', sessionEnd: 'session-end' },
  cursor: { stop: 'turn-end', subagentStop: 'turn-end', preCompact: 'turn-end', sessionEnd: 'session-end' },
};

/** Names of the events at which an agent calls our hook. */
export function hookEvents(agent: HookAgent): readonly string[] {
  return Object.keys(EVENTS[agent]);
}

/** The words after the launcher in a hook's command; they identify our hooks, wherever the launcher is. */
export function hookWords(agent: HookAgent, event: string): string {
  return `hook ${EVENTS[agent][event] ?? ''} --agent ${agent}`;
}

/** One of our hooks in an agent's file. */
export interface FoundHook {
  readonly event: string;
  readonly command: string;
}
