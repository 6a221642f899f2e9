import { AGENTS, isSessionId, type AgentId } from '../../../shared/transcripts/agents.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { inFolder } from '../files/folder-path.ts';

/** Path of a session's copy, here and in the store. */
export interface CopyPlace extends SessionKey {
  /** `YYYY-MM` */
  readonly month: string;
}

/** `claude-code/2026-11/<session>`, below `transcripts/` as in the store. */
export function placeName({ agent, month, id }: CopyPlace): string {
  return `${agent}/${month}/${id}`;
}

/** Parses {@link placeName}; null for anything else. */
export function parsePlace(name: string): CopyPlace | null {
  const [agent, month, id, ...rest] = name.split('/');
  const known = AGENTS.find((one): one is AgentId => one === agent);
  if (known === undefined || rest.length > 0 || !isMonth(month ?? '') || !isSessionId(id ?? '')) return null;
  return { agent: known, month: month ?? '', id: id ?? '' };
}

/** True for the name of a folder of a month. */
export function isMonth(name: string): boolean {
  return /^\d{4}-\d{2}$/.test(name);
}

/** In a copy's folder: the list of its pieces. */
export const RECORD = 'copy.jsonl';

/** A copy's folder, absolute. */
export function folderOf(transcripts: string, { agent, month, id }: CopyPlace): string {
  return inFolder(transcripts, agent, month, id);
}
