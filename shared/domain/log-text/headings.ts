/** An ATX heading (`## Title`) outside code fences, comments and front matter. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  /** Without the marks, one line, at most {@link HEADING_LIMIT} characters. */
  readonly title: string;
  /** 1-based. */
  readonly line: number;
  /** Offset of the heading's first character in the text. */
  readonly start: number;
  /** Offset behind the heading's line break. */
  readonly end: number;
}

export interface HeadingVisitor {
  heading(heading: Heading): void;
  /** A line outside fences and comments that is no heading; offsets without the line break. */
  line(start: number, end: number, line: number): void;
}

/** How a scan ended. */
export interface Scanned {
  /** Number of the text's last line; one less than the first when there is none. */
  readonly lastLine: number;
  /** The line of a code fence that is never closed and so hides everything below it; null when all are closed. */
  readonly openFence: number | null;
}

export const HEADING_LIMIT = 300;

const [TAB, CR, SPACE, HASH, LESS, BACKTICK, TILDE] = [9, 13, 32, 35, 60, 96, 126];

interface Fence {
  readonly mark: number;
  readonly length: number;
  readonly line: number;
}

/**
 * Walks the lines of a Markdown text once, in time linear in its length whatever it holds. Follows CommonMark for ATX headings and code fences
 * (https://spec.commonmark.org/0.31.2/), but an HTML comment that is never closed hides nothing: a stray `<!--` must not
 * swallow the notes below it. Underlined (setext) headings are not read: no log of ours or of the source documents has them.
 * @param from offset of the first line to look at
 * @param firstLine its number, 1-based
 */
export function visitHeadings(
  text: string,
  from: number,
  firstLine: number,
  visitor: HeadingVisitor,
): Scanned {
  let fence: Fence | null = null;
  let commentEnd = -1;
  let commentsLeft = true;
  let line = firstLine;
  for (let start = from; start < text.length; line++) {
    const feed = text.indexOf('\n', start);
    const next = feed === -1 ? text.length : feed + 1;
    const end = trimCarriageReturn(text, start, feed === -1 ? text.length : feed);
    const first = skipIndent(text, start, end);
    const mark = first === -1 || first >= end ? 0 : text.charCodeAt(first);
    if (start < commentEnd) {
      // Still inside a comment.
    } else if (fence !== null) {
      if (mark === fence.mark && closes(text, first, end, fence)) fence = null;
    } else if (mark === HASH) {
      const heading = readHeading(text, first, end, { line, start, end: next });
      if (heading) visitor.heading(heading);
      else visitor.line(start, end, line);
    } else if (mark === BACKTICK || mark === TILDE) {
      fence = opens(text, first, end, { mark, line });
      if (fence === null) visitor.line(start, end, line);
    } else if (mark === LESS && commentsLeft && text.startsWith('<!--', first)) {
      const close = text.indexOf('-->', first + 4);
      if (close === -1) commentsLeft = false;
      else commentEnd = close;
    } else visitor.line(start, end, line);
    start = next;
  }
  return { lastLine: line - 1, openFence: fence?.line ?? null };
}

/** Makes a value of a hostile log fit for one line of a list: no control or direction characters, single spaces, bounded. */
export function oneLine(text: string, limit: number): string {
  const clean = text
    .slice(0, limit * 4)
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g, ' ')
    .trim();
  return cut(clean, limit);
}

/** The first `limit` UTF-16 units, one less where the cut would split a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

function trimCarriageReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === CR ? end - 1 : end;
}

/** Offset of the first character behind at most three spaces; -1 when the line is indented further (code). */
function skipIndent(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && at - start < 4 && text.charCodeAt(at) === SPACE) at++;
  return at - start > 3 ? -1 : at;
}

function readHeading(
  text: string,
  first: number,
  end: number,
  place: Pick<Heading, 'line' | 'start' | 'end'>,
): Heading | null {
  let at = first;
  while (at < end && text.charCodeAt(at) === HASH) at++;
  const level = at - first;
  if (level > 6) return null;
  const after = at < end ? text.charCodeAt(at) : SPACE;
  if (after !== SPACE && after !== TAB) return null;
  // A heading of a hundred megabytes is still one line; what we keep of it is bounded before any pattern sees it.
  const raw = oneLine(text.slice(at, Math.min(end, at + HEADING_LIMIT * 4)), HEADING_LIMIT);
  return { level, title: raw.replace(/(?:^| )#+$/, ''), ...place };
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
