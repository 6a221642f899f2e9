/** Pieces of a text that tokenizers take for one or a few tokens. */
const PIECE = /[A-Z]?[a-z]+|[A-Z]+|[ \t]?\d+|[ \t]+|\n+|[^\u0000-\u007f]|./gsu;

/** Rare words and base64 are cut into more pieces than we see: of so large a share of the real number we can be sure. */
export const LEAST_SHARE = 0.8;

/** Letters of a word, of a run of capitals, and digits that go into one token at least. */
const [WORD_LETTERS, CAPITALS, DIGITS] = [5, 3, 2];

/**
 * How many tokens an agent's model takes a text for, rather too many than too few. Every model has a tokenizer of its own, some secret, and
 * the tables of one are several megabytes; so pieces are counted. On logs, code, hashes and scripts without spaces it says
 * {@link LEAST_SHARE} to 2.5 times what `o200k_base` counts (tokens.test.ts).
 */
export function tokensOf(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(PIECE)) tokens += tokensOfPiece(piece);
  return tokens;
}

function tokensOfPiece(piece: string): number {
  const [first = ''] = piece;
  if (/\d/.test(piece)) return Math.ceil(piece.length / DIGITS);
  // One space goes with the word behind it, but not with a number.
  if (first === ' ' || first === '\t') return piece.length > 1 ? 1 : 0;
  if (first === '\n') return 1;
  if (/[a-z]/.test(first) || (/[A-Z]/.test(first) && /[a-z]/.test(piece)))
    return Math.ceil(piece.length / WORD_LETTERS);
  if (/[A-Z]/.test(first)) return Math.ceil(piece.length / CAPITALS);
  // Signs beyond the basic plane are rare, and cut into their bytes.
  return piece.length > 1 ? 3 : 1;
}
