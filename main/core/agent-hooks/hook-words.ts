import type { HookAgent } from '../../../shared/transcripts/agents.ts';

/** What a hook of ours tells: a session begins, the agent or one of its subagents has finished a turn, a session has ended. */
type HookCall = 'session-start' | 'turn-end' | 'session-end';

/**
 * The moments that each agent calls a hook at, by its own names, in the order in which they are written. Claude Code alone is shown notes at the
 * start: others would take what a hook prints for something else.
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

/** Names of the moments at which an agent calls our hook. */
export function hookEvents(agent: HookAgent): readonly string[] {
  return Object.keys(EVENTS[agent]);
}

/** The words behind the launcher in a hook's command; by them our hooks are known, wherever the launcher lies. */
export function hookWords(agent: HookAgent, event: string): string {
  return `hook ${EVENTS[agent][event] ?? ''} --agent ${agent}`;
}

/** A hook of ours as it stands in a file of an agent. */
export interface FoundHook {
  readonly event: string;
  readonly command: string;
}
