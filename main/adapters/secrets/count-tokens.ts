import type { CountTokens } from '../../../shared/secrets/finding.ts';

/** The tokenizer, loaded at the first call: it is a megabyte that most runs do without. */
export async function loadCountTokens(): Promise<CountTokens> {
  const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
  return (word) => countTokens(word);
}
