import type { SqliteConnection } from '../sqlite-connection.ts';
import type { RowRange } from './search-schema.ts';

/**
 * Ranking by BM25 over words together with their other forms. FTS5's own `bm25()` takes every form for a word of its own, and walks all
 * rows of every word of the expression before it ranks the first; this looks at the words that tell something, and at nothing else.
 */

/** BM25: how soon more of the same word stops to count, and how much long logs are held back (docs/search.md has the measurement). */
const [SATURATION, LENGTH] = [2, 0.4];

/** What a word counts by the column it stands in, doubled. */
const WEIGHT_SQL = `case i.col when 'body' then 2 when 'title' then 4 when 'headings' then 1 when 'topic' then 0
  when 'parts' then 1 else 0 end`;

// As three numbers in one text a row: thousands of rows brought one by one take longer than finding them.
const TIMES_SQL = `select h.doc || ',' || h.times || ',' || d.words as row
  from (select i.doc as doc, sum(${WEIGHT_SQL}) as times from json_each(?1) f cross join instances i
    where i.term = f.value and (i.doc between ?2 and ?3 or i.doc between ?4 and ?5) group by i.doc) h
  cross join docs d on d.id = h.doc
  where ?6 is null or h.doc in (select rowid from texts where texts match ?6)`;

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
  const [usual = NONE, crowded = NONE] = ranges;
  const scores = new Map<number, number>();
  for (const { forms, rows: having } of words) {
    const weight = Math.log(1 + Math.max(0, all - having + 0.5) / (having + 0.5)) * (SATURATION + 1);
    const found = db.rows(
      TIMES_SQL,
      JSON.stringify(forms),
      usual.first,
      usual.last,
      crowded.first,
      crowded.last,
      within,
    ) as number[];
    for (let at = 0; at + 2 < found.length; at += 3) {
      const [id = 0, doubled = 0, long = 0] = [found[at], found[at + 1], found[at + 2]];
      const times = doubled / 2;
      const score = (weight * times) / (times + SATURATION * (1 - LENGTH + (LENGTH * long) / average));
      scores.set(id, (scores.get(id) ?? 0) + score);
    }
  }
  return new Map([...scores].sort(([, a], [, b]) => b - a).slice(0, limit));
}
