// Letters commonly typed without their diacritic that Unicode does not decompose.
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

// Each pattern below refuses ASCII first, because logs are ASCII with few exceptions: property classes are several times slower.
const MARKS = /(?![\0-\x7f])\p{M}+/gu;
// eslint-disable-next-line no-control-regex -- the whole ASCII range is meant
const SYMBOLS = /(?![\0-\x7f])[^\p{L}\p{N}][^\0-\x7f\p{L}\p{N}]*/gu;
/**
 * Characters of scripts without spaces between words. Combining marks are excluded: they are already removed. Uses script
 * extensions, because the Japanese long-vowel mark belongs to two scripts.
 */
const SIGNS =
  /(?![\0-\x7f])[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Java}\p{scx=Bali}\p{scx=Tale}\p{scx=Talu}\p{scx=Lana}\p{scx=Tavt}](?<=[\p{L}\p{N}])/gu;

/**
 * Normalizes text for search: no case, no diacritics, full-width as plain, and beyond ASCII only letters, digits and spaces. In
 * scripts without spaces each character becomes a word; otherwise nothing inside a sentence could be found.
 */
export function foldText(text: string): string {
  // eslint-disable-next-line no-control-regex -- the whole ASCII range is meant; most titles and all plain paths end here
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replaceAll(MARKS, '')
    .toLowerCase()
    .replaceAll(/[ßæœøđðłþı]/g, (letter) => PLAIN[letter] ?? letter)
    .replaceAll(SYMBOLS, ' ')
    .replaceAll(SIGNS, ' $& ');
}

/**
 * Splits a word of a text as {@link foldText} does: character by character, each with its marks.
 * @returns null when it contains nothing from a script without spaces
 */
export function signsOf(word: string): readonly string[] | null {
  return word.search(SIGNS) === -1 ? null : (word.match(/\P{M}\p{M}*/gu) ?? null);
}

/** Splits a compound name where its case changes: `ifGenerationMatch` -> `if Generation Match`, `HTTPServer2` -> `HTTP Server2`. */
export function splitCompound(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2');
}
