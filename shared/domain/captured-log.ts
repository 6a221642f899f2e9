import { AGENTS, type AgentId } from '../transcripts/agents.ts';

const PLACE = /^captured\/([a-z-]+)\//;

/** Returns the agent whose transcript the log was made from; null for a hand-written log. @param path within the log's machine */
export function capturedAgent(path: string): AgentId | null {
  const name = PLACE.exec(path)?.[1];
  return AGENTS.find((agent) => agent === name) ?? null;
}
