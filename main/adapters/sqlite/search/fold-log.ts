import { foldText, splitCompound } from '../../../../shared/domain/fold-text.ts';

/** Longer words are keys, hashes of hashes and embedded pictures: they are found by their beginning. */
export const MAX_WORD = 64;
/** Compound names of one log whose pieces are noted. */
const MAX_COMPOUNDS = 4_000;

const LONG_WORD = new RegExp(`[a-z0-9\\u0080-\\uffff]{${MAX_WORD + 1},}`, 'g');
const BEYOND_ASCII = /[^\0-\x7f]+/g;
const COMPOUND = /[A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*/g;

/** The words of a text as they are stored and asked for: `foldText`, stretch by stretch, because logs are ASCII with a few exceptions. */
export function foldLog(text: string): string {
  const plain = text.replaceAll(BEYOND_ASCII, (stretch) => foldText(stretch)).toLowerCase();
  return plain.replaceAll('\0', ' ').replaceAll(LONG_WORD, (word) => word.slice(0, MAX_WORD));
}

/** The words of a folded text. */
export function wordsOf(folded: string): readonly string[] {
  return folded.match(/[a-z0-9\u0080-\uffff]+/g) ?? [];
}

/** How many words a folded text has. */
export function countWords(folded: string): number {
  let [count, inside] = [0, false];
  for (let at = 0; at < folded.length; at++) {
    const code = folded.charCodeAt(at);
    const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code >= 128;
    if (isWord && !inside) count++;
    inside = isWord;
  }
  return count;
}

/** The pieces of all compound names in a text, folded: names joined by signs fall into pieces by themselves. */
export function compoundPieces(text: string): string {
  const names = new Set<string>();
  for (const [name] of text.matchAll(COMPOUND)) {
    if (name.length > MAX_WORD) continue;
    names.add(name);
    if (names.size >= MAX_COMPOUNDS) break;
  }
  return [...names].map((name) => splitCompound(name).toLowerCase()).join('\n');
}
