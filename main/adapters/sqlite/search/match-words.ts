import { foldText, splitCompound } from '../../../../shared/domain/fold-text.ts';
import type { SearchFilter, SearchQuestion, SearchWord } from '../../../../shared/domain/search-question.ts';
import type { IndexQuestion } from '../../../core/ports/search-index.ts';
import { MAX_WORD, wordsOf } from './fold-log.ts';
import { factWord, type Fact } from './search-schema.ts';

/** A query word as a full-text term. It contains only letters, digits and our own characters, so nothing typed is an operator. */
export interface Term {
  /** FTS5 expressions, any of which matches: the word, and the parts of a compound name. */
  readonly any: readonly string[];
  /** The word alone if it is one plain word: it may be found in another form. */
  readonly plain: string | null;
  /** Required in every rung: quoted, with a prefix, or one of several. */
  readonly fixed: boolean;
}

/** A query in FTS5 syntax. */
export interface Expressions {
  readonly terms: readonly Term[];
  /** Required besides the words; empty for nothing. */
  readonly facts: readonly string[];
  readonly without: readonly string[];
  /** Words to highlight. */
  readonly marked: readonly string[];
  readonly explanations: readonly string[];
}

/** Compiles a query to expressions. Anything without a letter or digit is not a word. */
export function expressionsOf({ question, me }: Pick<IndexQuestion, 'question' | 'me'>): Expressions {
  const marked: string[] = [];
  const terms = question.groups.flatMap((group) => {
    const pieces = group.map(phrasesOf).filter((any) => any.length > 0);
    if (pieces.length === 0) return [];
    marked.push(...group.flatMap((word) => wordsOf(fold(word.text))));
    const [only] = group;
    const words = only === undefined ? [] : wordsOf(fold(only.text));
    const simple = group.length === 1 && only !== undefined && !only.exact && !only.prefix;
    return [
      { any: pieces.flat(), plain: simple && words.length === 1 ? (words[0] ?? null) : null, fixed: !simple },
    ];
  });
  const filters = question.filters.filter((filter) => filter.field !== 'section');
  return {
    terms,
    facts: positive(filters, me),
    without: [
      ...question.without.flatMap(phrasesOf),
      ...filters.filter(({ not }) => not).flatMap((one) => filterAny(one, me)),
    ],
    marked,
    explanations: explain(question, terms),
  };
}

function explain(question: SearchQuestion, terms: readonly Term[]): readonly string[] {
  const asked = question.groups.length > 0 || question.without.length > 0;
  if (terms.length > 0 || question.filters.length > 0 || question.from !== null || question.to !== null)
    return [];
  return asked && question.without.length > 0
    ? ['Words to be left out alone find nothing: give a word to be found, or a field, e.g. is:mine.']
    : ['There is no word to be searched for: signs and pictures alone are not looked up.'];
}

/** One of several values of a field is enough; each file, commit and mark is required. */
function positive(filters: readonly SearchFilter[], me: IndexQuestion['me']): readonly string[] {
  const groups = new Map<string, string[]>();
  filters.forEach((filter, at) => {
    if (filter.not) return;
    const alone = filter.field === 'file' || filter.field === 'commit' || filter.field === 'mark';
    const key = alone ? `${filter.field} ${at}` : filter.field;
    groups.set(key, [...(groups.get(key) ?? []), ...filterAny(filter, me)]);
  });
  return [...groups.values()].filter((any) => any.length > 0).map(anyOf);
}

function filterAny(filter: SearchFilter, me: IndexQuestion['me']): readonly string[] {
  if (filter.field === 'mark') {
    if (filter.value !== 'is:mine') return [quoted(factWord('mark', filter.value.replace(':', '')))];
    const names = me.names.filter((name) => name !== '');
    return names.length > 0
      ? names.map((name) => quoted(factWord('user', fold(name))))
      : [quoted(factWord('uuid', me.machine.replaceAll('-', '')))];
  }
  const value = fold(filter.value);
  if (filter.field === 'file') return phrasesOf({ text: filter.value, exact: true, prefix: filter.prefix });
  if (filter.field === 'commit') return wordsOf(value).map((word) => `${quoted(word)}${PREFIX}`);
  if (filter.field === 'section') return [];
  const tail = filter.prefix ? PREFIX : '';
  const facts = [`${quoted(factWord(filter.field satisfies Fact, value))}${tail}`];
  const hex = filter.value.toLowerCase().replaceAll('-', '');
  if (filter.field === 'machine' && /^[0-9a-f]{4,32}$/.test(hex))
    facts.push(`${quoted(factWord('uuid', hex))}${PREFIX}`);
  return facts;
}

/** Follows a phrase whose last word is only the beginning of one. */
export const PREFIX = ' *';
/** Before a phrase that parts of compound names must not match: a quotation is meant literally. */
const NO_PIECES = '- parts : ';

/** The words of one of our phrases, whatever else it contains. */
export function phraseWords(expression: string): readonly string[] {
  const from = expression.indexOf('"') + 1;
  return expression.slice(from, expression.indexOf('"', from)).split(' ');
}

/** The phrases for a word of the query; none when it has no letter and no digit. */
function phrasesOf(word: SearchWord): readonly string[] {
  const words = wordsOf(fold(word.text));
  if (words.length === 0) return [];
  if (word.exact) return [`${NO_PIECES}${phrase(words, word.prefix)}`];
  const phrases = [phrase(words, word.prefix)];
  const pieces = wordsOf(fold(splitCompound(word.text)));
  if (pieces.length > words.length) phrases.push(phrase(pieces, word.prefix));
  // The abbreviated hash of a commit, as people quote it.
  const [only] = words;
  if (words.length === 1 && only !== undefined && /^(?=.*\d)[0-9a-f]{7,39}$/.test(only) && !word.prefix)
    phrases.push(`${quoted(only)}${PREFIX}`);
  return phrases;
}

function fold(text: string): string {
  return foldText(text);
}

function phrase(words: readonly string[], prefix: boolean): string {
  return `${quoted(words.map((word) => word.slice(0, MAX_WORD)).join(' '))}${prefix ? PREFIX : ''}`;
}

/** @param words letters, digits, spaces and our own characters only */
export function quoted(words: string): string {
  return `"${words}"`;
}

export function anyOf(expressions: readonly string[]): string {
  return expressions.length === 1 ? (expressions[0] ?? '') : `(${expressions.join(' OR ')})`;
}

export function allOf(expressions: readonly string[]): string {
  return expressions.length === 1 ? (expressions[0] ?? '') : `(${expressions.join(' AND ')})`;
}

/**
 * Adds required and excluded conditions to the words.
 * @param expression empty for none
 * @param otherwise an expression that every candidate row matches, used if nothing else is required
 * @returns empty if nothing restricts the rows
 */
export function withFacts(
  expression: string,
  { facts, without }: Pick<Expressions, 'facts' | 'without'>,
  otherwise = '',
): string {
  const given = [expression, ...facts].filter((one) => one !== '');
  if (without.length === 0) return given.length === 0 ? '' : allOf(given);
  const all = given.length === 0 ? otherwise : allOf(given);
  return all === '' ? '' : `${all} NOT ${anyOf(without)}`;
}
