import { createHash } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/english.js';

const WORDS = 8;
/** 2,048 words. */
const BITS = 11;

/** See {@link Age.words}: 88 bits of the SHA-256, eleven per word. */
export function fingerprintWords(text: string): readonly string[] {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length: WORDS }, (_, n) => {
    const from = n * BITS;
    const three = digest.readUIntBE(Math.floor(from / 8), 3);
    const index = (three >> (24 - BITS - (from % 8))) & (2 ** BITS - 1);
    return wordlist[index] as string;
  });
}
