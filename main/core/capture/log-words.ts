import { formatCount } from '../../../shared/format/amount.ts';
import type { Excerpt } from '../../../shared/transcripts/events.ts';

/** What a finder of secrets makes of a text: whole values replaced by their labels. */
export interface Withheld {
  readonly text: string;
  /** As they stand in the text. */
  readonly labels: readonly string[];
}

/** Replaces secrets in a text. Pure: the same text always gives the same. */
export type Withhold = (text: string) => Withheld;

/** Makes a text with a finder of secrets. What makes it leaves no other trace: it may be run twice. */
export type Withholding = <T>(make: (withhold: Withhold) => T) => Promise<T>;

/** Makes words of a transcript fit for a log: nothing secret, nothing that acts, nothing that could be taken for a part of the log itself. */
export interface LogWords {
  /** On one line, at most so many characters. */
  line(text: string, limit: number): string;
  /** As code on one line. */
  code(text: string, limit: number): string;
  /** Quoted: every line behind `> `. */
  quote(text: Excerpt, limit: number, place: number | null): string;
  /** Text of an agent, its Markdown kept as far as it cannot be taken for the log's. */
  prose(text: Excerpt, limit: number, place: number | null): string;
  /** So many lines of what stood in a terminal: the first, and the last where they are known. */
  console(text: Excerpt, limit: number, lines: number): string;
  /** Every label that was put in, each once, in order. */
  labels(): readonly string[];
}

// CSI and OSC sequences as programs print them, then every other control character.
const SEQUENCES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]{0,1000}(?:\u0007|\u001b\\)|\u001b[@-Z\\^_]/g;
const CONTROLS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** @param withhold see {@link Withhold} */
export function createLogWords(withhold: Withhold): LogWords {
  const labels = new Set<string>();
  // Before anything is cut: half a secret is none that a finder knows, and still a secret.
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

/** Characters of each end of an output that are looked at for each line that is shown of it. */
const ENOUGH = 150;

/** Both ends of a long output, far more of them than is shown: what tells that something is a secret stands around it. All of one with a key in it. */
function endsOf(text: string, length: number): string {
  const [head, tail] = [text.lastIndexOf('\n', length), text.indexOf('\n', text.length - length)];
  if (text.length <= 2 * length || head < 1 || tail === -1 || /PRIVATE KEY|Private-Lines/.test(text))
    return text;
  return `${text.slice(0, head)}\n${text.slice(tail)}`;
}

/** Without control sequences, and with `\n` alone. */
function plain(text: string): string {
  return text.replaceAll(SEQUENCES, '').replaceAll('\r\n', '\n').replaceAll(CONTROLS, '');
}

/** Of a line that a program wrote again and again (a progress bar) the last state. */
function lastFrames(text: string): string {
  return text
    .split('\n')
    .map((line) => line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1).replaceAll('\r', ''))
    .join('\n');
}

function cutLine(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit).trimEnd()}\u2026`;
}

/** @param whole tells how long the text was before its head was taken */
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

/** Comments would hide what follows them, and one of them is the mark by which a log knows its session. */
function unmarked(text: string): string {
  return text.replaceAll('<!--', '<! --');
}

/** The shortest fence that the text does not hold. */
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
 * Markdown that stays inside its section: headings become bold lines, rules and underlines go, an open code fence is closed, comments do not
 * begin, and a line that reads as a field of the log's head does not.
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
