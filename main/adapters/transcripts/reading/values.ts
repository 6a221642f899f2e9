import type { Excerpt, ToolUse } from '../../../../shared/transcripts/events.ts';
import { isObject, parseJson } from '../../../../shared/json.ts';
import { lineDifference } from '../../../../shared/domain/line-difference.ts';
import { CUT_MARK } from './cut-json.ts';

/** An object from foreign JSON: nothing about its fields is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; one without fields if it is not one. */
export function fields(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** The value as a list; empty if it is not one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a non-empty text. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An id that some versions write as a number. */
export function idText(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : text(value);
}

/** The first non-empty text. */
export function firstText(...values: readonly unknown[]): string | null {
  return values.map(text).find((value) => value !== null) ?? null;
}

/** The value if it is a finite number. */
export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A token count: a non-negative integer; 0 for anything else. */
export function tokens(value: unknown): number {
  return Math.max(0, Math.trunc(number(value) ?? 0));
}

/** Epoch milliseconds of an ISO time with a zone, or of epoch milliseconds; null for anything else. */
export function time(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? Math.trunc(value) : null;
  if (typeof value !== 'string' || !/(?:Z|[+-]\d\d:?\d\d)$/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

/** Parses JSON from a text; null if it is not JSON. */
export function parsed(value: unknown): unknown {
  return typeof value === 'string' ? (parseJson(value) ?? null) : null;
}

/** Maximum characters kept: of people's and agents' words, and of tool output. */
export const KEPT = { words: 65_536, command: 8_192, output: 4_096, label: 400 } as const;

/**
 * The beginning of a text, with the length of the whole. Detects text that was already truncated on input.
 * @param keep characters
 */
export function excerpt(value: string, keep: number = KEPT.words): Excerpt {
  const mark = value.lastIndexOf(CUT_MARK);
  const cut = mark === -1 ? null : /^\d{1,12}$/.exec(value.slice(mark + CUT_MARK.length));
  const whole = cut === null ? value : value.slice(0, mark);
  const length = cut === null ? value.length : Math.max(whole.length, Number(cut[0]));
  return { text: whole.length <= keep ? whole : whole.slice(0, endOfChar(whole, keep)), length };
}

/** The first non-empty text, as a label; empty if there is none. */
export function label(...values: readonly unknown[]): Excerpt {
  return excerpt(firstText(...values) ?? '', KEPT.label);
}

/** The use of a tool of no known kind; the first non-empty text says what it is about. */
export function otherUse(...values: readonly unknown[]): ToolUse {
  const about = firstText(...values);
  return { does: 'other', about: about === null ? null : label(about) };
}

/** Not between the halves of a surrogate pair. */
function endOfChar(value: string, at: number): number {
  const code = value.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}

/** The lines of a text as a diff counts them. */
export function lineCount(value: string): number {
  if (value === '') return 0;
  const breaks = value.split('\n').length;
  return value.endsWith('\n') ? breaks - 1 : breaks;
}

/** Lines added and removed when one text replaces another, excluding the common beginning and end. */
export function replacedLines(before: string, after: string): { added: number; removed: number } {
  const different = lineDifference(before, after);
  return { added: different.after.length, removed: different.before.length };
}

/** A 32-bit hash of a text, for keys of things without an id (FNV-1a). */
export function shortKey(value: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at++) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
