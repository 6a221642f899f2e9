import { foldText, splitCompound } from '../../../../shared/domain/fold-text.ts';

/** Longer words are keys, hashes and embedded pictures: they are found by their beginning. */
export const MAX_WORD = 64;
/** Maximum compound names of one log whose parts are recorded. */
const MAX_COMPOUNDS = 4_000;

// Bounded, because a repeated pattern over megabytes overflows its stack.
const BEYOND_ASCII = /[^\0-\x7f]{1,1000}/gu;
const CHANGE_OF_CASE = /[a-z0-9][A-Z]/g;

/** Indexed by character code: 1 for word characters. A lookup is faster than comparing, and every character of every log is checked. */
const WORD_CODES = Uint8Array.from({ length: 2 ** 16 }, (_, code) => (isWordCode(code) ? 1 : 0));

let scratch = new Uint16Array(0);

/** A text as it is stored. */
export interface FoldedText {
  readonly text: string;
  /** Number of words. */
  readonly words: number;
}

/** Folds a text to the words that are stored and queried: `foldText`, range by range, because logs are ASCII with few exceptions. */
export function foldLog(text: string): FoldedText {
  const lower = text.replaceAll(BEYOND_ASCII, (stretch) => foldText(stretch)).toLowerCase();
  const folded = lower.includes('\0') ? lower.replaceAll('\0', ' ') : lower;
  const signs = codesOf(folded);
  // Without a branch for the rare case: branches dominate the cost.
  let [words, run, runs, before] = [0, 0, 0, 0];
  for (let at = 0; at < signs.length; at++) {
    const isWord = WORD_CODES[signs[at] ?? 0] ?? 0;
    words += isWord & (before ^ 1);
    run = (run + 1) & -isWord;
    runs |= run;
    before = isWord;
  }
  return { text: runs < MAX_WORD ? folded : cutLongWords(folded, signs), words };
}

/** Truncates each word that is too long. */
function cutLongWords(folded: string, signs: Uint16Array): string {
  const pieces: string[] = [];
  let [kept, run] = [0, 0];
  for (let at = 0; at < signs.length; at++) {
    run = WORD_CODES[signs[at] ?? 0] === 1 ? run + 1 : 0;
    if (run === MAX_WORD + 1) pieces.push(folded.slice(kept, at));
    if (run > MAX_WORD) kept = at + 1;
  }
  return pieces.join('') + folded.slice(kept);
}

/** The character codes of a text, valid until the next call. */
function codesOf(text: string): Uint16Array {
  if (scratch.length < text.length) scratch = new Uint16Array(Math.max(2 ** 17, text.length));
  Buffer.from(scratch.buffer).write(text, 'utf16le');
  return scratch.subarray(0, text.length);
}

/** Letters and digits of a folded text: what FTS5's `ascii` tokenizer forms words from. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code >= 128;
}

/** The words of a folded text. */
export function wordsOf(folded: string): readonly string[] {
  return folded.match(/[a-z0-9\u0080-\uffff]+/g) ?? [];
}

/** The parts of all compound names in a text, folded: names joined by symbols fall apart by themselves. */
export function compoundPieces(text: string): string {
  const names = new Set<string>();
  CHANGE_OF_CASE.lastIndex = 0;
  while (names.size < MAX_COMPOUNDS && CHANGE_OF_CASE.test(text)) {
    let end = CHANGE_OF_CASE.lastIndex;
    let start = end - 2;
    const index = start;
    while (start > 0 && index - start <= MAX_WORD && isNameCode(text.charCodeAt(start - 1))) start--;
    while (end < text.length && end - index <= MAX_WORD && isNameCode(text.charCodeAt(end))) end++;
    CHANGE_OF_CASE.lastIndex = end;
    if (end - start <= MAX_WORD) names.add(text.slice(start, end));
  }
  return splitCompound([...names].join('\n')).toLowerCase();
}

function isNameCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}
