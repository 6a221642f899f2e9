import { dayNumber } from '../../../shared/domain/day-number.ts';
import type { LogQuery } from '../../../shared/domain/log-query.ts';
import { AGENTS } from '../../../shared/transcripts/agents.ts';
import { indexFor, type LateIndex } from './late-indexes.ts';
import { daySql, FILES_SQL, KINDS, machineSql, PLACES, SHOWN_SQL } from './index-schema.ts';
import { matchExpression } from './search-words.ts';
import type { Machine } from './shard-table.ts';
import type { SqlValue } from './sqlite-connection.ts';

/** The part of a query that selects logs. */
export type LogFilter = Omit<LogQuery, 'order' | 'groupBy' | 'offset' | 'limit'>;

/** SQL text with the values of its placeholders. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** A filter compiled for the tables. */
export interface Matching {
  /** Machines that may match, in list order. */
  readonly machines: readonly Machine[];
  /** First and last day that may match, as numbers. */
  readonly first: number;
  readonly last: number;
  /** A query for the row numbers (`id`) of all matches; null when machines and days suffice. */
  readonly ids: Sql | null;
  /** The same as a condition on a row, for walking days instead of matches; null when the filter has words. */
  readonly rows: Sql | null;
}

/**
 * Compiles a filter for the existing machines.
 * @param indexes those that may be used
 */
export function matching(
  filter: LogFilter,
  all: readonly Machine[],
  indexes: ReadonlySet<LateIndex>,
): Matching {
  const wanted = filter.machines?.length ? new Set<string>(filter.machines) : null;
  const machines = all.filter((machine) => wanted === null || wanted.has(machine.machine));
  const first = (filter.from && dayNumber(filter.from)) || 0;
  const last = (filter.to && dayNumber(filter.to)) || 99_991_231;
  const columns = columnConditions(filter);
  const view: Sql = { text: filter.files ? FILES_SQL : SHOWN_SQL, values: [] };
  const match =
    filter.text === undefined ? null : matchExpression(filter.text, filter.files ? 'parts' : 'hidden');
  if (columns.length === 0 && match === null) return { machines, first, last, ids: null, rows: view };
  const inside = (id: string): Sql =>
    joined([
      ...(filter.from === undefined && filter.to === undefined
        ? []
        : [{ text: `${daySql(id)} between ? and ?`, values: [first, last] }]),
      ...(machines.length === all.length
        ? []
        : [
            {
              text: `${machineSql(id)} in (select value from json_each(?))`,
              values: [JSON.stringify(machines.map((machine) => machine.no))],
            },
          ]),
    ]);
  const conditions = joined([...columns, view]);
  const index = indexFor(filter);
  const rows = index !== null && indexes.has(index) ? `logs indexed by ${index}` : 'logs not indexed';
  const chosen = columns.length === 0 ? null : select('id', rows, joined([conditions, inside('id')]));
  if (match === null) return { machines, first, last, ids: chosen, rows: conditions };
  const words = joined([
    { text: 'words match ?', values: [match] },
    // The plus keeps SQLite from querying the word list once per selected row.
    ...(chosen ? [{ text: `+rowid in (${chosen.text})`, values: chosen.values }] : []),
    inside('rowid'),
  ]);
  return { machines, first, last, ids: select('rowid as id', 'words', words), rows: null };
}

/** Conditions on columns. */
function columnConditions(filter: LogFilter): readonly Sql[] {
  const columns: Sql[] = [];
  const oneOf = (column: string, values: readonly SqlValue[] | undefined): void => {
    if (values?.length)
      columns.push({
        text: `${column} in (select value from json_each(?))`,
        values: [JSON.stringify(values)],
      });
  };
  oneOf('client', filter.clients);
  oneOf('project', filter.projects);
  oneOf('user', filter.users);
  const places = new Set(filter.places?.map((place) => PLACES.indexOf(place)));
  const somePlaces = places.size > 0 && places.size < PLACES.length ? [...places] : [];
  const kinds = filter.kinds?.map((kind) => KINDS.indexOf(kind)) ?? [];
  // The index on both begins with the kind.
  oneOf('kind', kinds.length > 0 || somePlaces.length === 0 ? kinds : KINDS.map((_, code) => code));
  oneOf(filter.files ? 'here' : 'place', somePlaces);
  if (filter.captured !== undefined) columns.push(capturedSql(filter.captured));
  return columns;
}

/** Same rule as `capturedAgent`. */
export function capturedSql(captured: boolean): Sql {
  const places = AGENTS.map((agent) => `captured/${agent}/*`);
  return {
    text: `${captured ? '' : 'not '}(${places.map(() => 'path glob ?').join(' or ')})`,
    values: places,
  };
}

function select(what: string, from: string, where: Sql): Sql {
  return { text: `select ${what} from ${from} where ${where.text}`, values: where.values };
}

/** Joins conditions with `and`. */
function joined(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.map((condition) => condition.text).join(' and ') || '1',
    values: conditions.flatMap((condition) => condition.values),
  };
}
