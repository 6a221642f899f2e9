import { quote } from '../../../../shared/domain/ids.ts';
import { stemOf } from './inflections.ts';
import { phraseWords, type Term } from './match-words.ts';
import type { ScoredWord } from './score-rows.ts';

/** Average occurrences per row of a word that nearly every row contains. */
const EVERYWHERE_COUNTS = 20;
/** How much more often a word occurs in the rows that contain it than by chance: writers repeat the name of their subject. */
const REPEATED = 2;

const FUNCTION_WORDS = new Set(
  'a an and are as at be but by can did do does for from had has have how i in is it not of on or that the this to was we were what when where which who why will with'.split(
    ' ',
  ),
);

/** True for a word that queries are made of and that carries no meaning; if all words are common, it is not highlighted. */
export function isFunctionWord(word: string): boolean {
  return FUNCTION_WORDS.has(word);
}

/** A word with the number of rows that contain it. */
interface Counted extends ScoredWord {
  /** As shown to a person. */
  readonly name: string;
}

/** The single words that rows are ranked by, each once whatever forms of it were typed. */
export function wordsToRank(terms: readonly Term[]): readonly Omit<Counted, 'rows'>[] {
  const words = new Map<string, Omit<Counted, 'rows'>>();
  for (const { any, plain } of terms) {
    const phrases = any.map(phraseWords);
    const groups = plain === null ? phrases.flat().map((word) => [word]) : [phrases.flat()];
    for (const forms of groups) {
      const key = stemOf(forms[0] ?? '');
      const known = words.get(key);
      words.set(key, {
        name: known?.name ?? forms[0] ?? '',
        forms: [...new Set([...(known?.forms ?? []), ...forms])],
      });
    }
  }
  return [...words.values()];
}

/** The rarest words first, as long as ranking them stays fast. */
export function withinBudget(
  counted: readonly Counted[],
  budget: number,
  all: number,
): {
  readonly telling: readonly Counted[];
  readonly dropped: readonly Counted[];
} {
  const sorted = [...counted].sort((a, b) => a.rows - b.rows);
  let sum = 0;
  const fits = sorted.filter(({ rows }) => (sum += occurrences(rows, all)) <= budget);
  return { telling: fits, dropped: sorted.slice(fits.length) };
}

/** How many of the newest rows can be ranked by all these words as fast. @returns at least one */
export function rowsWithin(counted: readonly Counted[], budget: number, all: number): number {
  const every = counted.reduce((sum, { rows }) => sum + occurrences(rows, all), 0);
  return Math.max(1, Math.floor((all * budget) / Math.max(1, every)));
}

/** Estimates a word's occurrences in all rows from the share of rows that contain it: the higher, the more often in each. */
function occurrences(rows: number, all: number): number {
  const share = rows / Math.max(1, all);
  return all * (share < 0.8 ? REPEATED * -Math.log(1 - share) : EVERYWHERE_COUNTS * share);
}

export function notRankedBy(dropped: readonly Counted[]): string {
  return `Not ranked by ${dropped.map(({ name }) => quote(name, 40)).join(', ')}: too many logs have it.`;
}
