import { SEARCH_RUNGS, type SearchRung } from '../../../../shared/domain/search-answer.ts';
import type { FoundTexts, IndexQuestion } from '../../../core/ports/search-index.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { inflections } from './inflections.ts';
import { isFunctionWord, notRankedBy, rowsWithin, withinBudget, wordsToRank } from './rank-words.ts';
import { readFound } from './read-found.ts';
import { scoreRows } from './score-rows.ts';
import {
  allOf,
  anyOf,
  expressionsOf,
  phraseWords,
  PREFIX,
  quoted,
  withFacts,
  type Expressions,
  type Term,
} from './match-words.ts';
import { rowDayNumber, titleWord, type RowRange } from './search-schema.ts';
import { TextRows } from './text-rows.ts';

/** Maximum rows ranked per rung; of more, the newest. */
const RANKED = 2_000;
/** Rows of all words together that are walked at once, and how many matches are enough beyond if nothing but the day orders them. */
const [WALKED, ENOUGH] = [60_000, 500];
/** Maximum rows with the words in their titles that are added to the newest. */
const TITLED = RANKED / 10;
/**
 * How often the ranking words of a query may occur in all logs together, each occurrence taking half a microsecond: words beyond it are not
 * used for ranking. A small database is ranked by all words, because even uninformative ones distinguish long texts from bare titles.
 */
const [SCORED, SCORED_OF_FEW] = [20_000, 400_000];
/** Words in all logs of a small database. */
const FEW = 500_000;

/** A word in more than this share of the rows, or in this many, is not worth highlighting beside rarer ones. */
const [EVERYWHERE, COMMON] = [0.4, 20_000];
/** Maximum words between two that count as close together. */
const NEAR = 10;
/** Bonus of a new log over an old one, and the days after which half of it is gone. */
const [RECENT, HALF_LIFE_DAYS] = [0.12, 90];
const DAY_MS = 86_400_000;

/** A row that matches. */
interface Candidate {
  readonly id: number;
  readonly rung: SearchRung;
  /** Larger is better. */
  readonly score: number;
}

/**
 * Finds what matches a query, rung by rung, best first. Work is bounded for any query: of a rung with very many rows only the newest are
 * ranked, and ranking uses the rarer words.
 * @param pause yields control between two steps; throws when nobody waits for the answer any more
 */
export async function findTexts(
  db: SqliteConnection,
  asked: IndexQuestion,
  now: number,
  pause: () => Promise<void>,
): Promise<FoundTexts> {
  const expressions = expressionsOf(asked);
  if (expressions.explanations.length > 0)
    return {
      rows: [],
      more: false,
      count: 0,
      atLeast: false,
      complete: true,
      explanations: expressions.explanations,
      words: [],
    };
  const rows = new TextRows(db, asked.question.from, asked.question.to);
  const finder = new Finder(db, expressions, rows, now, asked.offset + asked.limit + 1);
  const steps = finder.steps();
  while (steps.next().done !== true) await pause();
  const found = finder.ranked();
  const page = found.slice(asked.offset, asked.offset + asked.limit);
  const atLeast = !finder.complete;
  return {
    rows: readFound(db, page),
    more: found.length > asked.offset + asked.limit,
    count: found.length,
    atLeast,
    complete: finder.complete,
    explanations: finder.explanations,
    words: finder.marked(),
  };
}

/** Words to rank by, with how many rows have them. */
interface Weighed extends ReturnType<typeof withinBudget> {
  readonly counted: Parameters<typeof rowsWithin>[0];
}

/** One query on its way down the ladder. */
class Finder {
  complete = true;
  readonly explanations: string[] = [];
  /** Other word forms that were searched. */
  readonly forms = new Set<string>();
  readonly #db: SqliteConnection;
  readonly #expressions: Expressions;
  readonly #rows: TextRows;
  readonly #now: number;
  /** Number of hits to the end of the page, plus one. */
  readonly #wanted: number;
  readonly #found = new Map<number, Candidate>();
  /** Rows with all words in their titles. */
  readonly #titled = new Set<number>();
  #wider: readonly Term[] | null = null;
  #scores: ReadonlyMap<number, number> | null = null;
  #weights: Weighed | null = null;
  #loosened = false;

  constructor(db: SqliteConnection, expressions: Expressions, rows: TextRows, now: number, wanted: number) {
    this.#db = db;
    this.#expressions = expressions;
    this.#rows = rows;
    this.#now = now;
    this.#wanted = wanted;
  }

  /** The rungs from the top, in steps of a few milliseconds; lower ones are skipped when enough is found above. */
  *steps(): Generator<void> {
    const { terms } = this.#expressions;
    if (terms.length === 0) {
      this.#newest();
      return;
    }
    const all = yield* this.#climb(terms);
    // If no row has all of them, none has them adjacent: the usual case of a query in plain words.
    const isSeveral = terms.length > 1 && terms.every((term) => term.plain !== null && term.any.length === 1);
    if (isSeveral && all.length > 0) {
      const words = terms.map((term) => term.plain ?? '');
      const near = yield* this.#climb(terms, `NEAR(${words.map(quoted).join(' ')}, ${NEAR})`);
      const isPossible = near.length > 0 || terms.length > NEAR;
      if (isPossible) this.#note(yield* this.#climb(terms, quoted(words.join(' '))), 'phrase');
      this.#note(near, 'near');
    }
    this.#note(all, 'all');
    yield;
    yield* this.#similar();
    this.#most();
  }

  /** Words to highlight, rarest first; very common ones are highlighted only if there is nothing else. */
  marked(): readonly string[] {
    const words = [...new Set([...this.#expressions.marked, ...this.forms])];
    const counted = words
      .map((word) => ({ word, rows: this.#rows.count(quoted(word)) }))
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => a.rows - b.rows);
    const many = Math.min(COMMON, Math.max(20, this.#rows.all * EVERYWHERE));
    const telling = counted.filter(({ rows }) => rows < many);
    const others = counted.filter(({ word }) => !isFunctionWord(word));
    const best = [telling, others, counted].find((some) => some.length > 0) ?? [];
    return best.map(({ word }) => word);
  }

  ranked(): readonly Candidate[] {
    return [...this.#found.values()].sort(
      (a, b) =>
        SEARCH_RUNGS.indexOf(a.rung) - SEARCH_RUNGS.indexOf(b.rung) || b.score - a.score || a.id - b.id,
    );
  }

  /** Only fields and days: the newest rows. */
  #newest(): void {
    const { facts, without } = this.#expressions;
    const ids =
      facts.length > 0
        ? this.#rows.matching(withFacts('', this.#expressions), RANKED)
        : this.#rows.newest(without.length === 0 ? null : anyOf(without), RANKED);
    if (ids.length === RANKED) this.#bounded();
    for (const id of ids) this.#found.set(id, { id, rung: 'all', score: 0 });
  }

  /**
   * Finds the matches of one rung; of very many, the newest, and those with all words in their titles, however old they are.
   * @param terms words of the rung
   * @param side their required arrangement; any by default
   */
  *#climb(terms: readonly Term[], side?: string): Generator<void, readonly number[]> {
    const asked = withFacts(side ?? allOf(terms.map((term) => anyOf(term.any))), this.#expressions);
    const first = side === undefined ? this.#prefixed(terms) : null;
    if (first !== null) return first;
    const most = this.#enough(terms);
    const ids = this.#rows.matching(asked, most);
    yield;
    if (ids.length < most) return ids;
    this.#bounded();
    return side === undefined ? [...ids, ...this.#inTitles(terms)] : ids;
  }

  /**
   * The best rows for a single word with a prefix: that word itself, and titles. Only if very many titles have it, because FTS5 gathers all
   * rows of all words with a prefix before it returns the first.
   * @returns null if all matches are needed
   */
  #prefixed(terms: readonly Term[]): readonly number[] | null {
    const [{ any } = { any: [] }, ...others] = terms;
    const isOne = any.every((phrase) => phrase.endsWith(PREFIX) && phraseWords(phrase).length === 1);
    if (!isOne || others.length > 0 || this.#wanted > TITLED) return null;
    const titled = this.#inTitles(terms);
    if (titled.length < TITLED) return null;
    this.#bounded();
    const word = withFacts(anyOf(any.map((phrase) => phrase.slice(0, -PREFIX.length))), this.#expressions);
    return [...this.#rows.matching(word, RANKED), ...titled];
  }

  #inTitles(terms: readonly Term[]): readonly number[] {
    const ids = this.#rows.matching(
      withFacts(allOf(terms.map((term) => anyOf(term.any.map(inTitle)))), this.#expressions),
      TITLED,
    );
    for (const id of ids) this.#titled.add(id);
    return ids;
  }

  /** Rows of a rung to find: fewer if they are only ordered by day, and FTS5 has to walk very many to find those with all words. */
  #enough(terms: readonly Term[]): number {
    const words = terms.flatMap(({ any }) => any.flatMap(phraseWords));
    const walked = words.reduce((sum, word) => sum + this.#rows.count(quoted(word)), 0);
    const isQuick = words.length === 1 || walked <= WALKED;
    return isQuick || this.#weighed().telling.length > 0
      ? RANKED
      : Math.min(RANKED, Math.max(ENOUGH, this.#wanted));
  }

  *#similar(): Generator<void> {
    const { terms } = this.#expressions;
    if (this.#found.size >= this.#wanted) return;
    const wider = this.#withForms();
    yield;
    if (wider.every((term, at) => term.any.length === terms[at]?.any.length)) return;
    this.#note(yield* this.#climb(wider), 'similar');
  }

  /** Any of the words, ranked: for queries in plain words. A quotation without any match counts as its words. */
  #most(): void {
    const { terms } = this.#expressions;
    const free = terms.filter((term) => !term.fixed);
    if (this.#found.size >= this.#wanted || (this.#found.size > 0 && free.length < 3)) return;
    if (free.length >= 2) this.#note([...this.#ranking('some').keys()], 'most');
    if (this.#found.size > 0 || terms.length < 2 || free.length === terms.length) return;
    this.explanations.push(
      'No log has what is in quotation marks together with the rest: its words were searched.',
    );
    this.#loosened = true;
    this.#scores = null;
    this.#note([...this.#ranking('some').keys()], 'most');
  }

  /** The words with those of their other forms that occur in some log. */
  #withForms(): readonly Term[] {
    if (this.#wider) return this.#wider;
    const { terms } = this.#expressions;
    const possible = terms.map(({ plain }) => (plain === null ? [] : inflections(plain)));
    const there = new Set(existing(this.#db, [...new Set(possible.flat())]));
    this.#wider = terms.map((term, at) => {
      const forms = (possible[at] ?? []).filter((form) => there.has(form));
      for (const form of forms) this.forms.add(form);
      return { ...term, any: [...term.any, ...forms.map(quoted)] };
    });
    return this.#wider;
  }

  /**
   * The best rows by the informative words. If all are common there are none, and the newest come first.
   * @param least `some`: if all are common, the best among as many of the newest rows as can be ranked by them
   */
  #ranking(least: 'none' | 'some' = 'none'): ReadonlyMap<number, number> {
    if (this.#scores && (least === 'none' || this.#scores.size > 0)) return this.#scores;
    const { counted, ...within } = this.#weighed();
    const isCommon = least === 'some' && within.telling.length === 0 && counted.length > 0;
    const { telling, dropped } = isCommon ? { telling: counted, dropped: [] } : within;
    const asked = this.#expressions;
    const isQuestion = asked.terms.every((term) => !term.fixed);
    if (isQuestion && telling.length > 0 && dropped.length > 0) this.explanations.push(notRankedBy(dropped));
    const fixed = (this.#loosened ? [] : asked.terms)
      .filter((term) => term.fixed)
      .map((term) => anyOf(term.any));
    const any = anyOf(telling.flatMap(({ forms }) => forms.map(quoted)));
    const needed = withFacts(fixed.length === 0 ? '' : allOf(fixed), asked, any);
    this.#scores =
      telling.length === 0
        ? new Map()
        : scoreRows(this.#db, telling, {
            ranges: isCommon ? [this.#newestOf(counted)] : this.#rows.ranges,
            within: needed === '' ? null : needed,
            limit: SCORED,
          });
    return this.#scores;
  }

  /** The words and how many rows have them; of these, the informative ones. */
  #weighed(): Weighed {
    if (this.#weights) return this.#weights;
    const counted = wordsToRank(this.#withForms())
      .map(({ name, forms }) => ({ name, forms, rows: this.#rows.count(anyOf(forms.map(quoted))) }))
      .filter(({ rows }) => rows > 0);
    return (this.#weights = { counted, ...withinBudget(counted, this.#budget(), this.#rows.all) });
  }

  /** As many of the newest rows as can be ranked by these words. */
  #newestOf(counted: Weighed['counted']): RowRange {
    this.#bounded();
    return this.#rows.newestRange(rowsWithin(counted, this.#budget(), this.#rows.all));
  }

  #note(ids: readonly number[], rung: SearchRung): void {
    const unseen = ids.filter((id) => !this.#found.has(id));
    if (unseen.length === 0) return;
    const scores = this.#ranking();
    for (const id of unseen) {
      const age = Math.max(0, this.#now / DAY_MS - rowDayNumber(id));
      const recent = 1 + RECENT * 2 ** (-age / HALF_LIFE_DAYS);
      const score = (scores.get(id) ?? 0) + (this.#titled.has(id) ? 1 : 0);
      this.#found.set(id, { id, rung, score: score * recent });
      if (rung === 'most' && this.#found.size >= RANKED) break;
    }
  }

  #budget(): number {
    return this.#db.number('select words from sums') <= FEW ? SCORED_OF_FEW : SCORED;
  }

  #bounded(): void {
    if (!this.complete) return;
    this.complete = false;
    this.explanations.push(
      'Very many logs answer this: only the newest of them were ranked. More words, a field or a day narrow it.',
    );
  }
}

/** The same words within a title. @param phrase as in {@link Term.any} */
function inTitle(phrase: string): string {
  const words = phraseWords(phrase);
  return `${allOf(words.map((word) => quoted(titleWord(word))))}${phrase.endsWith(PREFIX) && words.length === 1 ? PREFIX : ''}`;
}

/** Which of these words occur in some log. */
function existing(db: SqliteConnection, words: readonly string[]): readonly string[] {
  return db.rows(
    'select json_quote(value) as row from json_each(?) where exists (select 1 from instances where term = value)',
    JSON.stringify(words),
  ) as string[];
}
