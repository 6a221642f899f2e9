import { foldText, signsOf, splitCompound } from '../../../shared/domain/fold-text.ts';
import type { SearchSnippet } from '../../../shared/domain/search-answer.ts';
import { credentialLines } from '../../../shared/domain/log-text/credential-lines.ts';
import { oneLine } from '../../../shared/domain/log-text/headings.ts';
import { Lines, withoutLines, type LineRange } from '../../../shared/domain/log-text/lines.ts';
import type { LogText } from '../../../shared/domain/log-text.ts';

/** Characters of a snippet, and those before its first highlighted word. */
const [LENGTH, BEFORE] = [200, 60];
/** Most matching lines compared: a log with more repeats itself. */
const COMPARED = 2_000;
/** Positions compared in one line. */
const STRETCHES = 200;
const LETTER = /[\p{L}\p{N}]/u;
const WORD = /[\p{L}\p{N}\p{M}_]+/gu;

/** What to look for in a log, and where. */
export interface SnippetRequest {
  /** The decoded log, and its parsed form. */
  readonly text: string;
  readonly parsed: Pick<LogText, 'sections' | 'openFence'>;
  /** The hit's lines: a session of a daily log, or all. */
  readonly ranges: readonly LineRange[];
  /** Folded words; a trailing `*` marks a prefix. */
  readonly words: readonly string[];
  /** Words meant as written, not as a piece of a compound name. */
  readonly whole?: ReadonlySet<string>;
  /** Most lines. */
  readonly limit: number;
  /** Whether lines under Credentials & Secrets may be shown. */
  readonly credentials: boolean;
  /** Only lines of sections with matching titles, and of their subsections. */
  readonly inSection?: (title: string) => boolean;
}

interface Line {
  readonly number: number;
  /** Distinct words in it. */
  readonly words: ReadonlySet<string>;
  readonly score: number;
}

/** Returns a log's best matching lines, in order, with the words highlighted. */
export function snippetsOf(request: SnippetRequest): readonly SearchSnippet[] {
  const lines = new Lines(request.text);
  const marksIn = markerOf(request);
  const found = matchingLines(request, lines, marksIn);
  // The title is above the lines already.
  const others = found.filter(({ number }) => !/^#\s/.test(lines.line(number)));
  const best = (others.length > 0 ? others : found)
    .sort((a, b) => b.score - a.score || a.number - b.number)
    .slice(0, request.limit)
    .sort((a, b) => a.number - b.number);
  return best.map(({ number }) => ({
    line: number,
    section: sectionAt(request.parsed, number),
    ...markedLine(lines.line(number), request.words, marksIn),
  }));
}

/** Which words occur in the eligible lines. */
export function wordsThere(request: SnippetRequest): ReadonlySet<string> {
  const found = matchingLines(request, new Lines(request.text), markerOf(request));
  return new Set(found.flatMap(({ words }) => [...words]));
}

function matchingLines(request: SnippetRequest, lines: Lines, marksIn: Marker): Line[] {
  const { text, parsed, words, credentials, inSection } = request;
  const hidden = credentials ? [] : credentialLines(parsed, lines);
  const ranges = withoutLines(request.ranges, hidden);
  const needles = words.map((word) => word.replace(/\*$/, '')).filter((word) => word !== '');
  if (needles.length === 0) return [];
  const found: Line[] = [];
  for (const [first, last] of ranges) {
    for (let number = first; number <= Math.min(last, lines.count); number++) {
      const line = lines.line(number).slice(0, 4_000);
      const folded = foldText(line);
      // Pieces of compound names occur in it as well: only their case differed.
      if (!needles.some((needle) => folded.includes(needle))) continue;
      if (inSection && !sectionsAround(parsed, number).some(inSection)) continue;
      const marks = marksIn(line);
      if (marks.length === 0) continue;
      const isHeading = parsed.sections.length > 0 && line.startsWith('#');
      found.push({
        number,
        words: new Set(marks.map(({ word }) => word)),
        score: bestStretch(marks, words).score - (isHeading ? 2 : 0),
      });
      if (found.length >= COMPARED || text.length === 0) return found;
    }
  }
  return found;
}

/** Where a word of the question is. */
interface Mark {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

const NO_MARKS: readonly Mark[] = [];

/**
 * The part of a line to show: a paragraph may be one line, with the words together somewhere in it.
 * @param marks of the line, at least one
 * @returns the first mark of the part, and its score
 */
function bestStretch(
  marks: readonly Mark[],
  words: readonly string[],
): { readonly first: Mark | undefined; readonly score: number } {
  let best: { readonly first: Mark | undefined; readonly score: number } = { first: marks[0], score: 0 };
  for (const [at, first] of marks.slice(0, STRETCHES).entries()) {
    const seen = new Set<string>();
    let [score, adjacent] = [0, 0];
    for (let next = at; next < marks.length; next++) {
      const { start, end, word } = marks[next] as Mark;
      if (end - first.start > LENGTH - BEFORE) break;
      // Words come rarest first, and a rare one tells more about a line than two frequent ones.
      if (!seen.has(word)) score += 4 * 0.7 ** words.indexOf(word);
      seen.add(word);
      if (next > at && start - (marks[next - 1]?.end ?? 0) <= 2) adjacent++;
    }
    score += Math.min(3, adjacent) / 2;
    if (score > best.score) best = { first, score };
  }
  return best;
}

/** Finds the positions of the question's words in a line. */
type Marker = (line: string) => readonly Mark[];

function markerOf({ words, whole }: Pick<SnippetRequest, 'words' | 'whole'>): Marker {
  // A log says the same words again and again.
  const known = new Map<string, readonly Mark[]>();
  return (line) => {
    const found: Mark[] = [];
    for (const { 0: text, index } of line.matchAll(WORD)) {
      let marks = known.get(text);
      if (marks === undefined) known.set(text, (marks = marksOf(text, words, whole)));
      for (const { start, end, word } of marks) found.push({ start: index + start, end: index + end, word });
    }
    return found;
  };
}

/** The positions in one word of a text, which may be a compound name. */
function marksOf(text: string, words: readonly string[], whole: SnippetRequest['whole']): readonly Mark[] {
  const wordOf = (piece: string): string | undefined => {
    const folded = foldText(piece).trim();
    const fits = (word: string): boolean =>
      word.endsWith('*') ? folded.startsWith(word.slice(0, -1)) : folded === word;
    return words.includes(folded) ? folded : words.find(fits);
  };
  const word = wordOf(text);
  if (word !== undefined) return [{ start: 0, end: text.length, word }];
  const folded = foldText(text);
  if (!words.some((one) => folded.includes(one.replace(/\*$/, '')))) return NO_MARKS;
  // A name splits into pieces; a script without spaces into characters.
  const signs = signsOf(text);
  const pieces = signs ?? piecesOf(text);
  const marks: Mark[] = [];
  let at = 0;
  for (const piece of pieces.length < 2 ? [] : pieces) {
    at = text.indexOf(piece, at);
    if (at === -1) break;
    const found = wordOf(piece);
    const isPart = signs === null && isJoined(text, at, piece) && whole?.has(foldText(piece).trim()) === true;
    if (found !== undefined && !isPart) marks.push({ start: at, end: at + piece.length, word: found });
    at += piece.length;
  }
  return marks;
}

/** The pieces of a compound name. */
function piecesOf(name: string): readonly string[] {
  return splitCompound(name.replaceAll('_', ' ')).split(' ');
}

/** Whether only a change of case separates a piece from its neighbours: `generation` in `ifGenerationMatch`, but not in `if_generation`. */
function isJoined(line: string, at: number, piece: string): boolean {
  return LETTER.test(line[at - 1] ?? '') || LETTER.test(line[at + piece.length] ?? '');
}

/** A line for display: without terminal control characters, cut around the words. */
function markedLine(
  line: string,
  words: readonly string[],
  marksIn: Marker,
): Pick<SearchSnippet, 'text' | 'marks'> {
  const first = bestStretch(marksIn(line.slice(0, 4_000)), words).first?.start ?? 0;
  const from = first > LENGTH - BEFORE ? wordStart(line, first - BEFORE) : 0;
  const cut = oneLine(line.slice(from, from + LENGTH * 2), LENGTH);
  const text = `${from > 0 ? '\u2026' : ''}${cut}${line.trimEnd().length > from + cut.length + 1 ? '\u2026' : ''}`;
  return { text, marks: marksIn(text).map(({ start, end }) => [start, end] as const) };
}

function wordStart(line: string, at: number): number {
  const space = line.indexOf(' ', at);
  return space === -1 || space > at + 20 ? at : space + 1;
}

/** Title of a line's section; null above the first heading. */
export function sectionAt(log: Pick<LogText, 'sections'>, line: number): string | null {
  return log.sections[sectionIndex(log, line)]?.title ?? null;
}

/** The same with titles of enclosing sections, innermost first: a section ends at the next heading of its level or higher. */
function sectionsAround(log: Pick<LogText, 'sections'>, line: number): readonly string[] {
  const titles: string[] = [];
  let level = Number.POSITIVE_INFINITY;
  for (let at = sectionIndex(log, line); at >= 0 && level > 1; at--) {
    const section = log.sections[at];
    if (section === undefined || section.level >= level) continue;
    titles.push(section.title);
    level = section.level;
  }
  return titles;
}

/** Of the last heading at or above a line; -1 above the first. */
function sectionIndex({ sections }: Pick<LogText, 'sections'>, line: number): number {
  let [low, high] = [0, sections.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((sections[middle]?.line ?? 0) <= line) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
