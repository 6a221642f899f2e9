import { oneLine } from './headings.ts';
import { isNumber } from './person-name.ts';

/** Who wrote a log or a session entry, according to its text. */
export interface Attribution {
  /** Full name. */
  author: string | null;
  /** Short name, as in file names and notes. */
  user: string | null;
  machineName: string | null;
  role: string | null;
  /** Name of the agent's program (`claude-code`), without its model and version. */
  agent: string | null;
}

const FIELD_LIMIT = 400;
/** Enough for any `- **Key:** value` line; longer lines are not attributions. */
const LINE_LIMIT = 2_000;
const FIELD = /^\s{0,3}(?:[-*+]\s+)?\*\*([^*:]{1,40}):?\*\*[ \t]*:?[ \t]*(.*)$/;

/** Splits a `- **Key:** value` or `**Key:** value` line; the key in lower case. Null for any other line. */
export function readField(text: string, start: number, end: number): readonly [string, string] | null {
  if (end - start > LINE_LIMIT) return null;
  const match = FIELD.exec(text.slice(start, end));
  if (!match) return null;
  return [(match[1] ?? '').trim().toLowerCase(), oneLine(match[2] ?? '', FIELD_LIMIT)];
}

/** Stores a field if it is part of an attribution and not yet set. */
export function takeField(into: Attribution, [key, value]: readonly [string, string]): void {
  if (value === '') return;
  if (key === 'user' && into.author === null && into.user === null) {
    // `Full Name (user)`
    const both = /^(.*?)\s*\(([^()]+)\)$/.exec(value);
    into.author = known(both ? (both[1] ?? '') : value);
    into.user = known(both?.[2] ?? '');
  } else if (key === 'machine') into.machineName ??= value;
  else if (key === 'role') into.role ??= value;
  else if (key === 'agent') into.agent ??= agentName(value);
}

/** An empty attribution. */
export function emptyAttribution(): Attribution {
  return { author: null, user: null, machineName: null, role: null, agent: null };
}

/** `claude-code 2.1 (opus)` -> `claude-code`. */
function agentName(value: string): string | null {
  return value.replace(/[\s,;(\u00b7]+(?:v?\d|\(|[,;\u00b7]).*$/u, '').trim() || null;
}

/** Digits alone are not a name. */
function known(name: string): string | null {
  return isNumber(name) ? null : name;
}
