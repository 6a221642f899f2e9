/** Pieces of a text that tokenizers turn into one or a few tokens. */
const PIECE = /[A-Z]?[a-z]+|[A-Z]+|[ \t]?\d+|[ \t]+|\n+|[^\u0000-\u007f]|./gsu;

/** Rare words and base64 are split into more pieces than we count: the estimate is at least this share of the real number. */
export const LEAST_SHARE = 0.8;

/** Characters that make at least one token: of a word, of a run of capitals, and digits. */
const [WORD_LETTERS, CAPITALS, DIGITS] = [5, 3, 2];

/**
 * Estimates how many tokens an agent's model counts in a text, rather too many than too few. Every model has its own tokenizer, some
 * secret, and the tables of one are several megabytes; so pieces are counted. On logs, code, hashes and scripts without spaces the result
 * is {@link LEAST_SHARE} to 2.5 times that of `o200k_base` (tokens.test.ts).
 */
export function tokensOf(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(PIECE)) tokens += tokensOfPiece(piece);
  return tokens;
}

function tokensOfPiece(piece: string): number {
  const [first = ''] = piece;
  if (/\d/.test(piece)) return Math.ceil(piece.length / DIGITS);
  // One space joins the following word, but not a number.
  if (first === ' ' || first === '\t') return piece.length > 1 ? 1 : 0;
  if (first === '\n') return 1;
  if (/[a-z]/.test(first) || (/[A-Z]/.test(first) && /[a-z]/.test(piece)))
    return Math.ceil(piece.length / WORD_LETTERS);
  if (/[A-Z]/.test(first)) return Math.ceil(piece.length / CAPITALS);
  // Characters beyond the basic plane are rare, and split into their bytes.
  return piece.length > 1 ? 3 : 1;
}
