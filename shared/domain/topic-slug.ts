import { utf8Length } from './log-path.ts';

/**
 * Maximum slug length, in UTF-16 units and in UTF-8 bytes: with date, user and discriminator, the name stays far below file system
 * limits.
 */
const MAX_CHARACTERS = 60;
const MAX_BYTES = 150;

/**
 * Makes the `<topic>` of a file name: lower case, letters and digits joined by single dashes. Accents are dropped (`Zürich` →
 * `zurich`), letters of other scripts stay, everything else separates. Truncated at a dash where one is near.
 * @returns `''` when nothing is left (`🎉`, `///`)
 */
export function topicSlug(topic: string): string {
  const words = plainLetters(topic.slice(0, 4_000))
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    // A word cannot start with a combining mark: it would combine with the dash.
    .map((word) => word.replace(/^\p{M}+/u, ''))
    .filter((word) => word !== '');
  let slug = '';
  for (const word of words) {
    const next = slug === '' ? word : `${slug}-${word}`;
    if (!fits(next)) {
      if (slug === '') slug = hardCut(word);
      break;
    }
    slug = next;
  }
  return slug;
}

/** Makes the `<user>` of a file name. It contains no dash: the name is read back as date, user up to the next dash, topic. */
export function userSlug(user: string): string {
  return topicSlug(user).replaceAll('-', '_');
}

function plainLetters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC');
}

function fits(text: string): boolean {
  return text.length <= MAX_CHARACTERS && utf8Length(text) <= MAX_BYTES;
}

function hardCut(word: string): string {
  let cut = '';
  for (const char of word) {
    if (!fits(cut + char)) break;
    cut += char;
  }
  return cut;
}
