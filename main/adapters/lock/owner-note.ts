import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';

/** What an owner says about itself. For people only: no verdict ever depends on it. */
export interface OwnerNote {
  readonly host: string;
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly command: string;
  readonly who: string;
}

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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const { host, pid, since, command, who } = value as Record<string, unknown>;
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
