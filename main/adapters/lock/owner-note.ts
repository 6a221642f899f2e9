import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import { isObject, parseJson } from '../../../shared/json.ts';
import type { LockOwner } from '../../core/ports/lock.ts';

/** What an owner says about itself. For people only: no verdict ever depends on it. */
export type OwnerNote = Omit<LockOwner, 'uid' | 'verdict'>;

const TEXT_LIMIT = 120;

/** Formats the content of a record. */
export function formatOwnerNote(note: OwnerNote): string {
  return `${JSON.stringify(note)}\n`;
}

/**
 * Parses a record's content. Another machine may have written it, or it may be incomplete: missing or invalid parts
 * are omitted.
 */
export function parseOwnerNote(text: string): Partial<OwnerNote> {
  const value = parseJson(text);
  if (!isObject(value)) return {};
  const { host, pid, since, command, who } = value;
  return {
    ...(typeof host === 'string' ? { host: shortLine(host) } : {}),
    ...(Number.isSafeInteger(pid) ? { pid: pid as number } : {}),
    // `Date` cannot format values outside this range.
    ...(typeof since === 'number' && since > 0 && since < 8.64e15 ? { since } : {}),
    ...(typeof command === 'string' ? { command: shortLine(command) } : {}),
    ...(typeof who === 'string' ? { who: shortLine(who) } : {}),
  };
}

/** Makes foreign text fit for one terminal line. */
export function shortLine(text: string): string {
  const line = forTerminalLine(text).trim();
  return line.length > TEXT_LIMIT ? `${line.slice(0, TEXT_LIMIT - 1)}…` : line;
}
