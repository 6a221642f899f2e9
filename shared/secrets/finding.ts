/** One secret value in a text: the whole value, never a part of it. */
export interface Finding {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset just past its last character. */
  readonly end: number;
  /** What it is, in words: `aws access key`. Never the value. */
  readonly kind: string;
  /** The rule that found it, for reports of false positives. */
  readonly rule: 'block' | 'format' | 'url' | 'named' | 'encoded' | 'unknown';
}

/** Counts the language tokens in a string: few for words, many for random characters. */
export type CountTokens = (text: string) => number;
