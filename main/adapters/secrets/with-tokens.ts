import type { CountTokens } from '../../../shared/secrets/finding.ts';

/** Thrown to detect whether a text needs the vocabulary at all: it takes 50 MB of memory, and most texts do without. */
const NEEDS_TOKENS = Symbol('needs tokens');

let loaded: CountTokens | null = null;

/**
 * Runs work that may have to distinguish random strings from words. The vocabulary is loaded on the first request, and the work
 * restarted.
 * @param work without side effects
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
