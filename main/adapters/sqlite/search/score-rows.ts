import type { SqliteConnection } from '../sqlite-connection.ts';
import { titleWord, type RowRange } from './search-schema.ts';

/**
 * Ranking by BM25 over words together with their other forms. FTS5's own `bm25()` treats every form as a separate word, and walks all
 * rows of every word of the expression before it ranks the first; this examines only the informative words.
 */

/**
 * BM25: how soon further occurrences of a word stop counting, and how much long logs are penalized (docs/search.md has the
 * measurement).
 */
const [SATURATION, LENGTH] = [2, 0.4];

/** Weight of an occurrence in a title, relative to the text. */
const IN_TITLE = 0.5;
/** Rows whose lengths are looked up; those with lower preliminary scores count as of average length. */
const MEASURED = 4_000;

// One number at a time, summed here: SQLite would sort all of them first, and each column name is created anew.
const TIMES_SQL = `select i.doc as row from json_each(?1) f cross join instances i
  where i.term = f.value and (i.doc between ?2 and ?3 or i.doc between ?4 and ?5)`;
const LENGTHS_SQL = `select d.id || ',' || d.words as row from json_each(?) p cross join docs d on d.id = p.value`;

/** A word of the query: any of its forms is the word. */
export interface ScoredWord {
  /** Folded, each one word of the text. */
  readonly forms: readonly string[];
  /** Rows that contain it. */
  readonly rows: number;
}

/** Which rows are ranked. */
export interface ScoredRows {
  /** One or two. */
  readonly ranges: readonly RowRange[];
  /** An FTS5 expression they must match; null for none. */
  readonly within: string | null;
  readonly limit: number;
}

const NONE: RowRange = { first: -1, last: -1 };

/**
 * Ranks rows that contain at least one of the words.
 * @returns row numbers with their scores, best first
 */
export function scoreRows(
  db: SqliteConnection,
  words: readonly ScoredWord[],
  { ranges, within, limit }: ScoredRows,
): ReadonlyMap<number, number> {
  const [rows = 0, length = 0] = db.first('select rows, words from sums') ?? [];
  const all = Math.max(1, rows ?? 0);
  const average = Math.max(1, (length ?? 0) / all);
  const times = words.map(({ forms }) => timesOf(db, forms, ranges));
  const allowed =
    within === null
      ? null
      : new Set(db.rows('select rowid as row from texts where texts match ?', within) as number[]);
  const scoreOf = (id: number, long: number): number =>
    words.reduce((sum, { rows: having }, at) => {
      const count = times[at]?.get(id);
      if (count === undefined) return sum;
      const weight = Math.log(1 + Math.max(0, all - having + 0.5) / (having + 0.5)) * (SATURATION + 1);
      return sum + (weight * count) / (count + SATURATION * (1 - LENGTH + (LENGTH * long) / average));
    }, 0);
  const scores = new Map<number, number>();
  for (const found of times)
    for (const id of found.keys())
      if (!scores.has(id) && allowed?.has(id) !== false) scores.set(id, scoreOf(id, average));
  const measured =
    scores.size <= MEASURED
      ? [...scores.keys()]
      : bestFirst(scores)
          .slice(0, MEASURED)
          .map(([id]) => id);
  const lengths = db.rows(LENGTHS_SQL, JSON.stringify(measured)) as number[];
  for (let at = 0; at + 1 < lengths.length; at += 2) {
    const [id = 0, long = 0] = [lengths[at], lengths[at + 1]];
    scores.set(id, scoreOf(id, long));
  }
  return new Map(bestFirst(scores).slice(0, limit));
}

/** How often a word occurs in each row that contains it. */
function timesOf(
  db: SqliteConnection,
  forms: readonly string[],
  [usual = NONE, crowded = NONE]: readonly RowRange[],
): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  const count = (words: readonly string[], by: number): void => {
    const found = db.rows(
      TIMES_SQL,
      JSON.stringify(words),
      usual.first,
      usual.last,
      crowded.first,
      crowded.last,
    );
    for (const id of found as number[]) times.set(id, (times.get(id) ?? 0) + by);
  };
  count(forms, 1);
  count(forms.map(titleWord), IN_TITLE);
  return times;
}

function bestFirst(scores: ReadonlyMap<number, number>): (readonly [id: number, score: number])[] {
  return [...scores].sort(([, one], [, other]) => other - one);
}
