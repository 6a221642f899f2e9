import type { SqliteConnection } from '../sqlite-connection.ts';
import { rowRanges, type RowRange } from './search-schema.ts';
import type { CalendarDate } from '../../../../shared/domain/ids.ts';

/** Maximum rows counted for an expression; the rest is estimated. */
const COUNTED = 2_000;

/** The candidate rows of the full text, and how many match an expression. Each call is one step of a few milliseconds. */
export class TextRows {
  /** The requested days, newest first. */
  readonly ranges: readonly RowRange[];
  readonly #db: SqliteConnection;
  readonly #counts = new Map<string, number>();
  #all: number | null = null;

  constructor(db: SqliteConnection, from: CalendarDate | null, to: CalendarDate | null) {
    this.#db = db;
    const [usual, crowded] = rowRanges(from, to);
    const isCrowded =
      db.number('select exists (select 1 from docs where id between ? and ?)', crowded.first, crowded.last) >
      0;
    this.ranges = isCrowded ? [usual, crowded] : [usual];
  }

  /** All rows of the database. */
  get all(): number {
    return (this.#all ??= this.#db.number('select rows from sums'));
  }

  /** The newest rows that match an expression. */
  matching(expression: string, limit: number): readonly number[] {
    // libsql binds a number as a float, and FTS5 walks all rows unless a bound is an integer.
    const sql = `select rowid as row from texts
      where texts match ? and rowid between cast(? as integer) and cast(? as integer) limit ?`;
    return this.#fromRanges(limit, (first, last, most) => this.#db.rows(sql, expression, first, last, most));
  }

  /** The newest rows, whatever their content. @param without expression they must not match; null for none */
  newest(without: string | null, limit: number): readonly number[] {
    const sql = `select id as row from docs where id between ?1 and ?2
      and (?3 is null or id not in (select rowid from texts where texts match ?3)) order by id limit ?4`;
    return this.#fromRanges(limit, (first, last, most) => this.#db.rows(sql, first, last, without, most));
  }

  /** Estimates how many rows match an expression: beyond {@link COUNTED}, from how far back the newest of them reach. */
  count(expression: string): number {
    const known = this.#counts.get(expression);
    if (known !== undefined) return known;
    const [found = 0, last = 0] =
      this.#db.first(
        'select count(*), max(rowid) from (select rowid from texts where texts match ? limit ?)',
        expression,
        COUNTED,
      ) ?? [];
    const counted = found ?? 0;
    const count =
      counted < COUNTED
        ? counted
        : Math.round(
            (counted * this.all) /
              Math.max(counted, this.#db.number('select count(*) from docs where id <= ?', last)),
          );
    this.#counts.set(expression, count);
    return count;
  }

  /** So many of the newest rows. */
  newestRange(rows: number): RowRange {
    const [{ first, last } = { first: 0, last: 0 }] = this.ranges;
    const sql = 'select id from docs where id between ? and ? order by id limit 1 offset ?';
    const next = this.#db.first(sql, first, last, rows)?.[0] ?? null;
    return { first, last: next === null ? last : next - 1 };
  }

  #fromRanges(
    limit: number,
    ask: (first: number, last: number, limit: number) => readonly unknown[],
  ): readonly number[] {
    const found: number[] = [];
    for (const { first, last } of this.ranges) {
      if (found.length >= limit) break;
      found.push(...(ask(first, last, limit - found.length) as readonly number[]));
    }
    return found;
  }
}
