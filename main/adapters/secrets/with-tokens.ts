import type { CountTokens } from '../../../shared/secrets/finding.ts';

/** Thrown to learn whether a text needs the vocabulary at all: with it go 50 MB of memory, and most texts do without. */
const NEEDS_TOKENS = Symbol('needs tokens');

let loaded: CountTokens | null = null;

/**
 * Does what may have to tell a string from words. The vocabulary is loaded when it asks for it the first time, and then it is done anew.
 * @param work without a trace outside of what it returns
 */
export async function withTokens<T>(work: (countTokens: CountTokens) => T): Promise<T> {
  if (loaded !== null) return work(loaded);
  try {
    return work(() => {
      throw NEEDS_TOKENS;
    });
  } catch (thrown) {
    if (thrown !== NEEDS_TOKENS) throw thrown;
    const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
    loaded = (word) => countTokens(word);
    return work(loaded);
  }
}
