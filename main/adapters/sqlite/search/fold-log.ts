import { foldText, splitCompound } from '../../../../shared/domain/fold-text.ts';

/** Longer words are keys, hashes of hashes and embedded pictures: they are found by their beginning. */
export const MAX_WORD = 64;
/** Compound names of one log whose pieces are noted. */
const MAX_COMPOUNDS = 4_000;

// Bounded, because a loop of a pattern over megabytes overflows its stack.
const BEYOND_ASCII = /[^\0-\x7f]{1,1000}/gu;
const CHANGE_OF_CASE = /[a-z0-9][A-Z]/g;

/** By the code of a sign: 1 where words are made of it. A look here is quicker than comparing, and every sign of every log is looked at. */
const WORD_CODES = Uint8Array.from({ length: 2 ** 16 }, (_, code) => (isWordCode(code) ? 1 : 0));

let scratch = new Uint16Array(0);

/** A text as it is stored. */
export interface FoldedText {
  readonly text: string;
  /** How many words it has. */
  readonly words: number;
}

/** The words of a text as they are stored and asked for: `foldText`, stretch by stretch, because logs are ASCII with a few exceptions. */
export function foldLog(text: string): FoldedText {
  const lower = text.replaceAll(BEYOND_ASCII, (stretch) => foldText(stretch)).toLowerCase();
  const folded = lower.includes('\0') ? lower.replaceAll('\0', ' ') : lower;
  const signs = codesOf(folded);
  // Without a branch for what is rare: it is what this costs.
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

/** Leaves of each word that is too long its beginning. */
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

/** The codes of a text, until the next call. */
function codesOf(text: string): Uint16Array {
  if (scratch.length < text.length) scratch = new Uint16Array(Math.max(2 ** 17, text.length));
  Buffer.from(scratch.buffer).write(text, 'utf16le');
  return scratch.subarray(0, text.length);
}

/** Letters and digits of a folded text: what the `ascii` tokenizer of FTS5 makes words of. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code >= 128;
}

/** The words of a folded text. */
export function wordsOf(folded: string): readonly string[] {
  return folded.match(/[a-z0-9\u0080-\uffff]+/g) ?? [];
}

/** The pieces of all compound names in a text, folded: names joined by signs fall into pieces by themselves. */
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
