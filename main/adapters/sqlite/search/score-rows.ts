import type { SqliteConnection } from '../sqlite-connection.ts';
import type { RowRange } from './search-schema.ts';

/**
 * Ranking by BM25 over words together with their other forms. FTS5's own `bm25()` takes every form for a word of its own, and walks all
 * rows of every word of the expression before it ranks the first; this looks at the words that tell something, and at nothing else.
 */

/** BM25: how soon more of the same word stops to count, and how much long logs are held back (docs/search.md has the measurement). */
const [SATURATION, LENGTH] = [2, 0.4];

/** What a word counts by the column it stands in. */
const WEIGHT_SQL = `case i.col when 'body' then 1.0 when 'title' then 2.0 when 'headings' then 0.5 when 'topic' then 0.0
  when 'parts' then 0.5 else 0.0 end`;

/** A word of the question: any of its forms is the word. */
export interface ScoredWord {
  /** Folded, each one word of the text. */
  readonly forms: readonly string[];
  /** Rows that have it. */
  readonly rows: number;
}

/** Which rows are ranked. */
export interface ScoredRows {
  /** One or two. */
  readonly ranges: readonly RowRange[];
  /** An FTS5 expression that they must answer; null for none. */
  readonly within: string | null;
  readonly limit: number;
}

const NONE: RowRange = { first: -1, last: -1 };

/**
 * Ranks rows that have at least one of the words.
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
  const terms = words.flatMap(({ forms, rows: having }, word) => {
    const weight = Math.log(1 + Math.max(0, all - having + 0.5) / (having + 0.5));
    return forms.map((form) => [word, weight, form]);
  });
  const [usual = NONE, crowded = NONE] = ranges;
  const found = db.all(
    `with terms as materialized (
       select value ->> 0 as word, value ->> 1 as weight, value ->> 2 as form from json_each(?1)
     ), hits as materialized (
       select t.word, t.weight, i.doc, sum(${WEIGHT_SQL}) as times
         from terms t cross join instances i where i.term = t.form
         and (i.doc between ?2 and ?3 or i.doc between ?7 and ?8)
         group by t.word, i.doc
     )
     select h.doc, sum(h.weight * h.times * ${SATURATION + 1} /
       (h.times + ${SATURATION} * (${1 - LENGTH} + ${LENGTH} * d.words / ?4))) as score
       from hits h cross join docs d on d.id = h.doc
       where ${within === null ? '?5 is null' : 'h.doc in (select rowid from texts where texts match ?5)'}
       group by h.doc order by score desc limit ?6`,
    JSON.stringify(terms),
    usual.first,
    usual.last,
    average,
    within,
    limit,
    crowded.first,
    crowded.last,
  );
  return new Map(found.map(([id, score]) => [id ?? 0, score ?? 0]));
}
