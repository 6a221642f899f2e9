import type { CountTokens, Finding } from '../../../shared/secrets/finding.ts';
import { scanBytes } from './scan-bytes.ts';

/** Thrown to learn whether a text needs the vocabulary at all: with it go 50 MB of memory, and most logs do without. */
const NEEDS_TOKENS = Symbol('needs tokens');

let loaded: CountTokens | null = null;

/** Looks for secrets, and loads the vocabulary when a string has to be told from words for the first time. */
export async function scanLazily(bytes: Uint8Array): Promise<readonly Finding[]> {
  if (loaded !== null) return scanBytes(bytes, loaded);
  const needsTokens: CountTokens = () => {
    throw NEEDS_TOKENS;
  };
  try {
    return scanBytes(bytes, needsTokens);
  } catch (thrown) {
    if (thrown !== NEEDS_TOKENS) throw thrown;
    const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
    loaded = (word) => countTokens(word);
    return scanBytes(bytes, loaded);
  }
}
