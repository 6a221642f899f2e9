import { formatCount } from '../../../shared/format/amount.ts';
import type { Excerpt } from '../../../shared/transcripts/events.ts';

/** A text with secrets replaced by their labels. */
export interface Withheld {
  readonly text: string;
  /** As they are in the text. */
  readonly labels: readonly string[];
}

/** Replaces secrets in a text. Pure. */
export type Withhold = (text: string) => Withheld;

/** Makes a text with a secret finder. The function has no other effects: it may run twice. */
export type Withholding = <T>(make: (withhold: Withhold) => T) => Promise<T>;

/** Makes a transcript's words fit for a log: no secrets, nothing active, nothing that could be taken for a part of the log itself. */
export interface LogWords {
  /** As one line, limited in characters. */
  line(text: string, limit: number): string;
  /** As code on one line. */
  code(text: string, limit: number): string;
  /** Quoted: every line after `> `. */
  quote(text: Excerpt, limit: number, place: number | null): string;
  /** An agent's text, its Markdown kept unless it could be taken for the log's. */
  prose(text: Excerpt, limit: number, place: number | null): string;
  /** Limited lines of terminal output: the first, and the last if known. */
  console(text: Excerpt, limit: number, lines: number): string;
  /** Every inserted label once, in order. */
  labels(): readonly string[];
}

// CSI and OSC sequences as programs print them, then all other control characters.
const SEQUENCES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]{0,1000}(?:\u0007|\u001b\\)|\u001b[@-Z\\^_]/g;
const CONTROLS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** @param withhold see {@link Withhold} */
export function createLogWords(withhold: Withhold): LogWords {
  const labels = new Set<string>();
  // Before any cut: a finder does not know half a secret, yet it is still a secret.
  const safe = (text: string): string => {
    const found = withhold(plain(text));
    for (const label of found.labels) labels.add(label);
    return found.text;
  };
  const line = (text: string, limit: number): string =>
    cutLine(safe(text).replaceAll(/\s+/g, ' ').trim(), limit);
  return {
    line: (text, limit) => unmarked(line(text, limit)),
    code: (text, limit) => asCode(line(text, limit)),
    quote: (text, limit, place) =>
      cutText(safe(text.text), text, limit, place)
        .split('\n')
        .map((one) => `> ${unmarked(one)}`.trimEnd())
        .join('\n'),
    prose: (text, limit, place) => neutral(cutText(safe(text.text), text, limit, place)),
    console: (text, limit, lines) => {
      const ends = endsOf(text.text, ENOUGH * lines);
      const all = lastFrames(safe(ends))
        .replaceAll(/\n{3,}/g, '\n\n')
        .trim()
        .split('\n');
      const cut = (some: readonly string[]): string[] => some.map((one) => cutLine(one.trimEnd(), limit));
      const isCut = text.length > text.text.length;
      if (all.length <= lines && !isCut && ends === text.text) return cut(all).join('\n');
      const last = isCut ? 0 : Math.ceil(lines / 3);
      const gap = `\u2026 (${formatCount(text.length)} characters in all)`;
      return [...cut(all.slice(0, lines - last)), gap, ...cut(last === 0 ? [] : all.slice(-last))].join('\n');
    },
    labels: () => [...labels],
  };
}

/** Characters of each end of an output examined per displayed line. */
const ENOUGH = 150;

/** Both ends of a long output, with far more than is shown: the context identifies a secret. All of one with a key in it. */
function endsOf(text: string, length: number): string {
  const [head, tail] = [text.lastIndexOf('\n', length), text.indexOf('\n', text.length - length)];
  if (text.length <= 2 * length || head < 1 || tail === -1 || /PRIVATE KEY|Private-Lines/.test(text))
    return text;
  return `${text.slice(0, head)}\n${text.slice(tail)}`;
}

/** Without control sequences, and with `\n` only. */
function plain(text: string): string {
  return text.replaceAll(SEQUENCES, '').replaceAll('\r\n', '\n').replaceAll(CONTROLS, '');
}

/** The last state of a repeatedly overwritten line (a progress bar). */
function lastFrames(text: string): string {
  return text
    .split('\n')
    .map((line) => line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1).replaceAll('\r', ''))
    .join('\n');
}

function cutLine(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit).trimEnd()}\u2026`;
}

/** @param whole the text's length before it was cut */
function cutText(text: string, whole: Excerpt, limit: number, place: number | null): string {
  const trimmed = text.replaceAll('\r', '').trim();
  const isWhole = whole.length <= whole.text.length && trimmed.length <= limit;
  if (isWhole) return trimmed;
  const cut = trimmed.slice(0, limit);
  const end = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf(' '));
  const head = (end > limit / 2 ? cut.slice(0, end) : cut).trimEnd();
  const where = place === null ? '' : `, at ${place} in the transcript`;
  return `${head} \u2026\n\n(${formatCount(whole.length)} characters in all${where})`;
}

/** Comments would hide what follows them, and one is the mark that ties a log to its session. */
function unmarked(text: string): string {
  return text.replaceAll('<!--', '<! --');
}

/** The shortest fence not in the text. */
export function fenceFor(text: string): string {
  const longest = [...text.matchAll(/`{3,}/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  return '`'.repeat(longest + 1);
}

function asCode(text: string): string {
  const run = [...text.matchAll(/`+/g)].reduce((most, [one]) => Math.max(most, one.length), 0);
  const marks = '`'.repeat(run + 1);
  const room = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return text === '' ? '' : `${marks}${room}${unmarked(text)}${room}${marks}`;
}

/**
 * Markdown confined to its section: headings become bold lines, rules and underlines go, an open code fence is closed, comments do not
 * begin, and a line that looks like a field of the log's head does not.
 */
function neutral(text: string): string {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    if (fence !== null) {
      if (marks?.startsWith(fence) === true && line.trim() === marks) fence = null;
      lines.push(line);
      continue;
    }
    fence = marks;
    const heading = /^ {0,3}#{1,6}\s+(.*?)[\s#]*$/.exec(line)?.[1];
    if (heading !== undefined && heading !== '') lines.push(`**${heading.replaceAll('**', '')}**`);
    else if (!/^ {0,3}(?:=+|-{2,}|#{1,6})\s*$/.test(line)) lines.push(unmarked(line));
  }
  if (fence !== null) lines.push(fence);
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}
