/** One secret value in a text: the whole value, never a part of it. */
export interface Finding {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset behind its last character. */
  readonly end: number;
  /** What it is, in words: `aws access key`. Never the value. */
  readonly kind: string;
  /** The rule that found it, for people who report a false alarm. */
  readonly rule: 'block' | 'format' | 'url' | 'named' | 'encoded' | 'unknown';
}

/** Says in how many pieces of language a string falls: few for words, many for what is random. */
export type CountTokens = (text: string) => number;
