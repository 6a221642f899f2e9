import type { Finding } from './finding.ts';
import { isPlaceholder } from './judge-value.ts';
import type { Run } from './runs.ts';
import {
  DISCORD_TOKEN,
  formatsAt,
  MARKED_FORMATS,
  nextFormat,
  type MarkedFormat,
  type TokenFormat,
} from './token-formats.ts';

/** Maximum characters of a token spread over line breaks: terminals and editors wrap long ones. */
const LONGEST_WRAPPED = 600;
/** The part of a token before a line break. */
const RUN = /[0-9A-Za-z_.+/=%-]{2,300}/y;
/** A line break inside a token: a backslash, the break, and the next line's indentation, quotation mark or border. */
const BREAK = /(?:\\?\r?\n|\\n)[ \t>|#]{0,40}/y;

/**
 * Finds tokens recognizable by their own characters. Linear: each position is visited once, and a format's lookahead is bounded.
 * @param runs from `runsOf`
 */
export function findFormats(text: string, runs: readonly Run[]): Finding[] {
  const found: Finding[] = [];
  for (let at = nextFormat(text, 0); at < text.length; at = nextFormat(text, at)) {
    const token = tokenAt(text, at, formatsAt(text, at));
    if (token !== null) found.push(token);
    at = token?.end ?? at + 1;
  }
  for (const { start } of runs) {
    const end = endOf(DISCORD_TOKEN, text, start);
    if (end !== null) found.push({ start, end, kind: 'discord token', rule: 'format' });
  }
  return [...found, ...MARKED_FORMATS.flatMap((format) => findMarked(text, format))];
}

function findMarked(text: string, { kind, mark, whole, before: [least, most] }: MarkedFormat): Finding[] {
  const found: Finding[] = [];
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    for (let start = at - least; start >= Math.max(0, at - most); start--) {
      const end = endOf(whole, text, start);
      if (end === null || !beginsHere(text, start) || isPlaceholder(text.slice(start, end))) continue;
      found.push({ start, end, kind, rule: 'format' });
      break;
    }
  }
  return found;
}

function tokenAt(text: string, start: number, formats: readonly TokenFormat[]): Finding | null {
  for (const { kind, prefix, rest } of formats) {
    if (!text.startsWith(prefix, start) || !beginsHere(text, start, prefix)) continue;
    const bodyAt = start + prefix.length;
    const end = endOfToken(rest, text, bodyAt);
    if (end === null || isPlaceholder(text.slice(bodyAt, end).replaceAll(/\s+/g, ''))) continue;
    return { start: wholeStart(text, start), end, kind, rule: 'format' };
  }
  return null;
}

function endOf(rest: RegExp, text: string, at: number): number | null {
  rest.lastIndex = at;
  return rest.test(text) ? rest.lastIndex : null;
}

/** On its line, or after the break if what follows is clearly the rest of it. */
function endOfToken(rest: RegExp, text: string, at: number): number | null {
  const end = endOf(rest, text, at);
  if (end !== null && !/[\r\n\\]/.test(text[end] ?? ' ')) return end;
  const joined = endWhenJoined(rest, text, at);
  if (end === null || joined === null) return joined ?? end;
  const more = /[0-9A-Za-z_-]+$/.exec(text.slice(end, joined))?.[0] ?? '';
  return more.length >= 12 && /\d/.test(more) && /[A-Za-z]/.test(more) ? joined : end;
}

/** The end of a token that continues after a line break. */
function endWhenJoined(rest: RegExp, text: string, at: number): number | null {
  const limit = Math.min(text.length, at + LONGEST_WRAPPED);
  let joined = '';
  for (let next = at; next < limit;) {
    RUN.lastIndex = next;
    const run = RUN.exec(text)?.[0];
    if (run === undefined) break;
    // As soon as it is complete: the line after the next is not part of it.
    if (joined !== '') {
      const end = endOf(rest, joined + run, 0);
      if (end !== null && end > joined.length) return next + end - joined.length;
    }
    joined += run;
    BREAK.lastIndex = next + run.length;
    if (!BREAK.test(text)) break;
    next = BREAK.lastIndex;
  }
  return null;
}

/** A webhook's address is withheld including its scheme, so that what is left is not an address. */
function wholeStart(text: string, start: number): number {
  const before = text.slice(Math.max(0, start - 8), start);
  return start - (/https?:\/\/$/.exec(before)?.[0].length ?? 0);
}

/**
 * A token starts after something that is not part of a word; so do `\n` in a JSON string, `%3D` in an address, and a dash unless dashed
 * names start like the token: `2026-06-05-mike-ghp_….md`.
 */
function beginsHere(text: string, start: number, prefix = '-'): boolean {
  const before = text[start - 1] ?? ' ';
  if (!/[0-9A-Za-z_]/.test(before)) return before !== '-' || !prefix.endsWith('-');
  const beyond = text[start - 2] ?? ' ';
  if (beyond === '\\' && /[nrtvfb]/.test(before)) return true;
  return (
    /%[0-9A-Fa-f]{2}$/.test(text.slice(Math.max(0, start - 3), start)) ||
    /\[[0-9;]{1,8}m$/.test(text.slice(Math.max(0, start - 9), start))
  );
}
