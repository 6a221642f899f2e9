import { foldText } from '../../../shared/domain/fold-text.ts';
import { HIDDEN, PART } from './index-schema.ts';

/** Folding and splitting of text for find-as-you-type: stored and typed text go through the same two functions. */

const MAX_TYPED = 400;
const MAX_WORDS = 24;
const MAX_WORD = 64;

// A cut may leave half of a surrogate pair.
const HALF = /[\ud800-\udbff]$/;

/** Separates typed words, but not characters: those of scripts without spaces must stay consecutive. */
const BETWEEN = /[^\p{L}\p{N}\p{M}]+/u;
const WORD = /[a-z0-9\u{80}-\u{10ffff}]+/gu;

/**
 * Builds the query for typed text: every word as a prefix, all required; characters of a script without spaces as a
 * sequence. Null when it contains no word. Nothing typed can act as an operator, because only letters and digits
 * remain and each word is quoted.
 * @param without rows to exclude
 */
export function matchExpression(typed: string, without: keyof typeof MARKS): string | null {
  const words = typed
    .slice(0, MAX_TYPED)
    // A character may stand for letters: \u3260 for a Korean one.
    .normalize('NFKD')
    .split(BETWEEN)
    .map((word) => foldText(word).match(WORD)?.join(' ') ?? '')
    .filter((word) => word !== '');
  const distinct = [...new Set(words.map(short))].slice(0, MAX_WORDS);
  if (distinct.length === 0) return null;
  return `(${distinct.map((word) => `"${word}"*`).join(' AND ')}) NOT "${MARKS[without]}"`;
}

/** A phrase of characters keeps all of them: typed text is bounded. */
function short(word: string): string {
  return word.includes(' ') ? word : word.slice(0, MAX_WORD).replace(HALF, '');
}

/** Words that cannot come from text, which is reduced to letters and digits: they mark rows that only some lists show. */
const MARKS = { hidden: '\ue000', parts: '\ue001' } as const;

/**
 * The word-searchable text of a log.
 * @param view bits {@link PART} and {@link HIDDEN}
 */
export function searchedText(texts: readonly (string | null)[], view: number): string {
  const text = foldText(texts.map((one) => one ?? '').join(' '));
  if (view === 0) return text;
  return `${text}${view & HIDDEN ? ` ${MARKS.hidden}` : ''}${view & PART ? ` ${MARKS.parts}` : ''}`;
}
