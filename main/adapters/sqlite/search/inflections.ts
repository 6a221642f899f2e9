import { stemmer } from 'stemmer';

/** Longer and shorter words have no forms worth looking up. */
const [SHORTEST, LONGEST] = [4, 20];

/** English endings after the stem of a word; `y`, `e` and doubled consonants are tried as well. */
const ENDINGS: readonly string[] = (
  '|s|es|ed|ing|er|ers|ion|ions|ation|ations|al|ally|ly|ment|ments|able|ive|or|ors|e|y|ies|ied|ity|ize|ized|izing|ization|' +
  'ic|ical|ance|ence|ent|ant|ness|ate|ated|ates|ating|ator|ators|ative|iness|ily'
).split('|');

/**
 * Returns other English forms of a word (`retry`: retries, retried, retrying): every form with the same Porter stem, except itself. Whether
 * a text contains one is not known here.
 * @param word folded
 */
export function inflections(word: string): readonly string[] {
  if (word.length < SHORTEST || word.length > LONGEST || !/^[a-z]+$/.test(word)) return [];
  const stem = stemmer(word);
  const bases = new Set([stem, word]);
  if (stem.endsWith('i')) bases.add(stem.slice(0, -1)).add(`${stem.slice(0, -1)}y`);
  const last = stem.at(-1) ?? '';
  if (/[bdfglmnprtvz]/.test(last)) bases.add(stem + last);
  const forms = new Set<string>();
  for (const base of bases)
    for (const ending of ENDINGS) {
      const form = base + ending;
      if (form !== word && form.length >= 3 && !forms.has(form) && stemmer(form) === stem) forms.add(form);
    }
  return [...forms];
}

/** The common stem of a word's forms; the word itself if it has none. */
export function stemOf(word: string): string {
  return word.length >= SHORTEST && word.length <= LONGEST && /^[a-z]+$/.test(word) ? stemmer(word) : word;
}
