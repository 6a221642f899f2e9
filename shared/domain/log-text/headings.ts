import { plainInline } from './plain-inline.ts';

/** A heading (`## Title`, or a line underlined with `===` or `---`) outside code, comments and front matter. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  /** As displayed: without heading, emphasis, link and code marks; one line, at most {@link HEADING_LIMIT} characters. */
  readonly title: string;
  /** As written, without the heading marks only; bounded like the title. */
  readonly written: string;
  /** 1-based. */
  readonly line: number;
  /** Two for an underlined heading. */
  readonly lines: 1 | 2;
  /** Offset of the heading's first character in the text. */
  readonly start: number;
  /** Offset just past the heading's last line break. */
  readonly end: number;
}

export interface HeadingVisitor {
  heading(heading: Heading): void;
  /** A non-heading line outside code and comments; offsets without the line break. */
  line(start: number, end: number, line: number): void;
  /** A comment outside code that starts its line; offsets from `<!--` to the `-->` or the end of the line. */
  comment?(start: number, end: number, line: number): void;
}

/** How a scan ended. */
export interface Scanned {
  /** Number of the text's last line; one less than the first when it is empty. */
  readonly lastLine: number;
  /** Line of an unclosed code fence, which hides everything below it; null when all are closed. */
  readonly openFence: number | null;
}

export const HEADING_LIMIT = 300;

const [TAB, LINE_FEED, CR, SPACE, HASH, DASH, LESS, EQUALS, BACKTICK, TILDE] = [
  9, 10, 13, 32, 35, 45, 60, 61, 96, 126,
];

interface Fence {
  readonly mark: number;
  readonly length: number;
  readonly line: number;
}

/**
 * Walks the lines of a Markdown text once, in time linear in its length. Follows CommonMark for headings, code fences and `<pre>` blocks
 * (https://spec.commonmark.org/0.31.2/), except that an unclosed comment or `<pre>` hides nothing: a stray `<!--` must not swallow the
 * notes below it. An underlined heading must stand alone: `---` below a paragraph or a `key: value` is meant as a rule.
 * @param from offset of the first line to visit
 * @param firstLine its number, 1-based
 */
export function visitHeadings(
  text: string,
  from: number,
  firstLine: number,
  visitor: HeadingVisitor,
): Scanned {
  let fence: Fence | null = null;
  const hidden = new HiddenStretch(text);
  let apart = true;
  let line = firstLine;
  for (let start = from; start < text.length; line++) {
    const feed = text.indexOf('\n', start);
    let next = feed === -1 ? text.length : feed + 1;
    const end = trimCarriageReturn(text, start, feed === -1 ? text.length : feed);
    const first = skipIndent(text, start, end);
    const mark = first === -1 || first >= end ? 0 : text.charCodeAt(first);
    const wasApart = apart;
    apart = first >= end;
    if (start < hidden.end) {
      apart = true;
    } else if (fence !== null) {
      apart = true;
      if (mark === fence.mark && closes(text, first, end, fence)) fence = null;
    } else if (mark === HASH) {
      const heading = readHeading(text, first, end, { line, start, end: next });
      apart = heading !== null;
      if (heading) visitor.heading(heading);
      else visitor.line(start, end, line);
    } else if (mark === BACKTICK || mark === TILDE) {
      fence = opens(text, first, end, { mark, line });
      if (fence === null) visitor.line(start, end, line);
    } else if (mark === LESS && hidden.opensAt(first, end)) {
      if (hidden.comment) visitor.comment?.(first, Math.min(end, hidden.end + 3), line);
    } else {
      const place = { line, start, end: next };
      const under = wasApart && mark !== 0 && feed !== -1 ? readUnderlined(text, first, end, place) : null;
      if (under === null) visitor.line(start, end, line);
      else {
        visitor.heading(under);
        apart = true;
        next = under.end;
        line++;
      }
    }
    start = next;
  }
  return { lastLine: line - 1, openFence: fence?.line ?? null };
}

/** A comment or `<pre>` block the scan is in: its lines are not text. */
class HiddenStretch {
  /** Offset of its closing mark: lines that start before it are inside. */
  end = -1;
  comment = false;
  readonly #text: string;
  #commentsLeft = true;
  #codeLeft = true;

  constructor(text: string) {
    this.#text = text;
  }

  opensAt(first: number, lineEnd: number): boolean {
    if (this.#commentsLeft && this.#text.startsWith('<!--', first)) {
      const close = this.#text.indexOf('-->', first + 4);
      this.#commentsLeft = close !== -1;
      this.comment = close !== -1;
      if (close !== -1) this.end = close;
      return close !== -1;
    }
    if (!this.#codeLeft || !HTML_CODE.test(this.#text.slice(first, Math.min(lineEnd, first + 12))))
      return false;
    HTML_CODE_END.lastIndex = first;
    const close = HTML_CODE_END.exec(this.#text);
    this.#codeLeft = close !== null;
    this.comment = false;
    if (close) this.end = close.index;
    return close !== null;
  }
}

const HTML_CODE = /^<(?:pre|script|style|textarea)(?:[\s>]|$)/i;
const HTML_CODE_END = /<\/(?:pre|script|style|textarea)>/gi;

const UNPLAIN = /[^\x20-\x7e]|  /;

/** Makes a value from a hostile log fit for one line of a list: no control or direction characters, single spaces, bounded length. */
export function oneLine(text: string, limit: number): string {
  const trimmed = text.length <= limit ? text.trim() : '';
  // Most lines are plain, and the patterns below cost more than the rest of a heading.
  if (trimmed !== '' && !UNPLAIN.test(trimmed)) return trimmed;
  const clean = text
    .slice(0, limit * 4)
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g, ' ')
    .trim();
  return cut(clean, limit);
}

/** Truncates to `limit` UTF-16 units, one fewer where that would split a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

function trimCarriageReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === CR ? end - 1 : end;
}

/** Offset of the first character after at most three spaces; -1 when the line is indented further (code). */
function skipIndent(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && at - start < 4 && text.charCodeAt(at) === SPACE) at++;
  return at - start > 3 ? -1 : at;
}

type Place = Pick<Heading, 'line' | 'start' | 'end'>;

function readHeading(text: string, first: number, end: number, place: Place): Heading | null {
  let at = first;
  while (at < end && text.charCodeAt(at) === HASH) at++;
  const level = at - first;
  if (level > 6) return null;
  const after = at < end ? text.charCodeAt(at) : SPACE;
  if (after !== SPACE && after !== TAB) return null;
  return makeHeading(level, text.slice(at, Math.min(end, at + HEADING_LIMIT * 4)), 1, place);
}

/** @param words of the heading, bounded: a hundred-megabyte heading is still one line */
function makeHeading(level: number, words: string, lines: 1 | 2, { line, start, end }: Place): Heading {
  const raw = oneLine(words, HEADING_LIMIT * 4);
  const whole = raw.endsWith('#') ? raw.replace(/(?:^| )#+$/, '') : raw;
  // Built literally rather than spread: a scan creates hundreds of thousands of these.
  return {
    level,
    title: cut(plainInline(whole), HEADING_LIMIT),
    written: cut(whole, HEADING_LIMIT),
    line,
    lines,
    start,
    end,
  };
}

/** Starts of lines that are not paragraphs, and so never underlined: quotes, tables, lists. */
const NO_PARAGRAPH = /^(?:[>|<]|[-+*][ \t]|\d{1,9}[.)][ \t])/;
/** `**Date:** x`, `Date: x` or a sentence, followed by a rule. */
const RULED_OFF = /^(?:\*\*[^*]{1,40}:?\*\*|[\p{L}\p{M} ]{1,40}:(?=\s|$))|[.!?:;,\u2026\u3002]$/u;
const UNDERLINE_LIMIT = 1_000;

function readUnderlined(text: string, first: number, end: number, place: Place): Heading | null {
  const next = place.end;
  const below = skipIndent(text, next, Math.min(text.length, next + 4));
  const mark = below === -1 ? 0 : text.charCodeAt(below);
  if ((mark !== EQUALS && mark !== DASH) || end - first > HEADING_LIMIT * 4) return null;
  let at = below;
  while (at - below < UNDERLINE_LIMIT && text.charCodeAt(at) === mark) at++;
  const length = at - below;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB || text.charCodeAt(at) === CR) at++;
  if (length < 2 || (at < text.length && text.charCodeAt(at) !== LINE_FEED)) return null;
  const words = text.slice(first, end).trimEnd();
  if (NO_PARAGRAPH.test(words) || /^[-=*_ ]+$/.test(words)) return null;
  if (mark === DASH && length === 3 && RULED_OFF.test(words)) return null;
  const { line, start } = place;
  return makeHeading(mark === EQUALS ? 1 : 2, words, 2, { line, start, end: Math.min(text.length, at + 1) });
}

function opens(text: string, first: number, end: number, by: Omit<Fence, 'length'>): Fence | null {
  let at = first;
  while (at < end && text.charCodeAt(at) === by.mark) at++;
  const length = at - first;
  if (length < 3) return null;
  if (by.mark === BACKTICK) {
    // An info string with a backtick makes the line inline code, not a fence.
    for (let i = at; i < end; i++) if (text.charCodeAt(i) === BACKTICK) return null;
  }
  return { ...by, length };
}

function closes(text: string, first: number, end: number, fence: Fence): boolean {
  let at = first;
  while (at < end && text.charCodeAt(at) === fence.mark) at++;
  if (at - first < fence.length) return false;
  while (at < end && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++;
  return at === end;
}
