import { foldText } from '../../../shared/domain/fold-text.ts';
import { HIDDEN, PART } from './index-schema.ts';

/** Folding and cutting of text for find-as-you-type: what is stored and what is typed go through the same two functions. */

const MAX_TYPED = 400;
const MAX_WORDS = 24;
const MAX_WORD = 64;

// A cut may leave half of a character beyond the basic plane.
const HALF = /[\ud800-\udbff]$/;

/** What ends a word of those that are typed. Not yet the end of a sign: signs without spaces between them must follow each other. */
const BETWEEN = /[^\p{L}\p{N}\p{M}]+/u;
const WORD = /[a-z0-9\u{80}-\u{10ffff}]+/gu;

/**
 * The query for what a person typed: every word as a prefix, all of them; of a script without spaces its
 * signs in a row. Null when there is no word in it.
 * Nothing typed can act as an operator, because only letters and digits get through and each word is quoted.
 * @param without rows that are left out
 */
export function matchExpression(typed: string, without: keyof typeof MARKS): string | null {
  const words = typed
    .slice(0, MAX_TYPED)
    // A sign may stand for letters: \u3260 for a Korean one.
    .normalize('NFKD')
    .split(BETWEEN)
    .map((word) => foldText(word).match(WORD)?.join(' ') ?? '')
    .filter((word) => word !== '');
  const distinct = [...new Set(words.map(short))].slice(0, MAX_WORDS);
  if (distinct.length === 0) return null;
  return `(${distinct.map((word) => `"${word}"*`).join(' AND ')}) NOT "${MARKS[without]}"`;
}

/** A phrase of signs keeps all of them: typed text has an end. */
function short(word: string): string {
  return word.includes(' ') ? word : word.slice(0, MAX_WORD).replace(HALF, '');
}

/** Words that no text can bring, for only letters and digits get in: they tell rows apart that only some lists show. */
const MARKS = { hidden: '\ue000', parts: '\ue001' } as const;

/**
 * What of a log is searched by word.
 * @param view bits {@link PART} and {@link HIDDEN}
 */
export function searchedText(texts: readonly (string | null)[], view: number): string {
  const text = foldText(texts.map((one) => one ?? '').join(' '));
  if (view === 0) return text;
  return `${text}${view & HIDDEN ? ` ${MARKS.hidden}` : ''}${view & PART ? ` ${MARKS.parts}` : ''}`;
}
