import { AGENTS, type AgentId } from '../transcripts/agents.ts';

const PLACE = /^captured\/([a-z-]+)\//;

/** The agent of whose transcript a log was made; null for a log that somebody wrote. @param path as the log's machine has it */
export function capturedAgent(path: string): AgentId | null {
  const name = PLACE.exec(path)?.[1];
  return AGENTS.find((agent) => agent === name) ?? null;
}
