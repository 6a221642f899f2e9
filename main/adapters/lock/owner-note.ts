/** What an owner says about itself. For people only: no verdict ever rests on it. */
export interface OwnerNote {
  readonly host: string;
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly command: string;
  readonly who: string;
}

const TEXT_LIMIT = 120;

/** The content of a record. */
export function formatOwnerNote(note: OwnerNote): string {
  return `${JSON.stringify(note)}\n`;
}

/**
 * Reads a record's content. Another machine may have written it, or it may be half there: whatever is missing or
 * wrong is simply left out.
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
    ...(typeof host === 'string' ? { host: plainText(host) } : {}),
    ...(Number.isSafeInteger(pid) ? { pid: pid as number } : {}),
    // Outside this range `Date` has no text for it.
    ...(typeof since === 'number' && since > 0 && since < 8.64e15 ? { since } : {}),
    ...(typeof command === 'string' ? { command: plainText(command) } : {}),
    ...(typeof who === 'string' ? { who: plainText(who) } : {}),
  };
}

/** Takes out of a stranger's text what could steer a terminal or turn a line around, and shortens it. */
export function plainText(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return plain.length > TEXT_LIMIT ? `${plain.slice(0, TEXT_LIMIT - 1)}…` : plain;
}
