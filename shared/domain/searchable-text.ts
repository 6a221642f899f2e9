import { decodeLog, encodingOf } from './decode-log.ts';
import { hideCredentials } from './hide-credentials.ts';
import { visitHeadings, type Heading } from './log-text/headings.ts';
import { sectionOf } from './log-text/sections.ts';

/** The part of a log that people who do not have it may find. */
export interface SearchableText {
  readonly text: string;
  /** True when the log continues after this. */
  readonly cut: boolean;
}

/** Maximum bytes of a log read for its searchable text: a hundred times a long log. */
export const SEARCHABLE_BYTES = 1024 * 1024;
/** Git's heuristic: text has no NUL near its beginning. */
const BINARY_LOOK = 8 * 1024;
/** One invalid character in this many makes a file not text. */
const GARBLED_SHARE = 10;
/** Maximum unclosed fences below which the text is still scanned. */
const OPEN_FENCES = 3;

/**
 * Returns the text by which others may find a log: Markdown without the body of Credentials & Secrets and without what
 * `hideCredentials` removes. Line numbers are preserved.
 * @param bytes the log, at most {@link SEARCHABLE_BYTES} of it
 * @param size bytes of the whole log
 * @returns null when it is not text
 */
export function searchableText(bytes: Uint8Array, size: number): SearchableText | null {
  if (isBinary(bytes)) return null;
  const decoded = decodeLog(bytes);
  if (isGarbled(decoded)) return null;
  const cut = size > bytes.length;
  const text = hideCredentials(withholdCredentials(cut ? wholeLines(decoded) : decoded));
  return { text: cut ? `${text}\n[Cut here: the log has ${size} bytes.]\n` : text, cut };
}

function isBinary(bytes: Uint8Array): boolean {
  return encodingOf(bytes) === 'utf-8' && bytes.subarray(0, BINARY_LOOK).includes(0);
}

function isGarbled(text: string): boolean {
  let garbled = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) garbled++;
  return garbled > 1 && garbled * GARBLED_SHARE > text.length;
}

/** Drops the line that was cut, unless it is the whole text. */
function wholeLines(text: string): string {
  const last = text.lastIndexOf('\n');
  return last === -1 ? text : text.slice(0, last);
}

/**
 * Blanks the content of each Credentials & Secrets heading, up to the next heading of the same or a higher level. An unclosed code fence
 * hides headings from every reader, but must not let a secret out: the text below it is scanned as if the fence were not there.
 */
export function withholdCredentials(text: string): string {
  const stretches: (readonly [start: number, end: number])[] = [];
  let from = 0;
  for (let fences = 0; from < text.length; fences++) {
    if (fences > OPEN_FENCES) {
      stretches.push([from, text.length]);
      break;
    }
    const found = bodiesBelow(text, from);
    stretches.push(...found.bodies);
    if (found.openFenceEnd === null) break;
    from = found.openFenceEnd;
  }
  return stretches.length === 0 ? text : blank(text, stretches);
}

interface Bodies {
  readonly bodies: readonly (readonly [start: number, end: number])[];
  /** Offset just past the line of the unclosed fence; null when all are closed. */
  readonly openFenceEnd: number | null;
}

function bodiesBelow(text: string, from: number): Bodies {
  const bodies: [number, number][] = [];
  let open: { readonly level: number; readonly start: number } | null = null;
  const heading = ({ level, title, start, end }: Heading): void => {
    if (open !== null && level <= open.level) {
      bodies.push([open.start, start]);
      open = null;
    }
    if (open === null && sectionOf(title) === 'Credentials & Secrets') open = { level, start: end };
  };
  const { openFence } = visitHeadings(text, from, 1, { heading, line: () => undefined });
  const last = open as { readonly start: number } | null;
  if (last !== null) bodies.push([last.start, text.length]);
  return { bodies, openFenceEnd: openFence === null ? null : endOfLine(text, from, openFence) };
}

/** Offset just past a line counted from `from`, 1-based. */
function endOfLine(text: string, from: number, line: number): number {
  let at = from;
  for (let passed = 0; passed < line; passed++) {
    const feed = text.indexOf('\n', at);
    if (feed === -1) return text.length;
    at = feed + 1;
  }
  return at;
}

/** Blanks the ranges except for their line breaks. They may overlap; their ends are unordered. */
function blank(text: string, stretches: readonly (readonly [start: number, end: number])[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const [start, end] of [...stretches].sort((a, b) => a[0] - b[0])) {
    if (end <= at) continue;
    const first = Math.max(start, at);
    parts.push(text.slice(at, first), text.slice(first, end).replaceAll(/[^\n]+/g, ''));
    at = end;
  }
  return `${parts.join('')}${text.slice(at)}`;
}
