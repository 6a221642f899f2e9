import { dayText } from '../../../shared/domain/day-number.ts';
import { appError } from '../../../shared/app-error.ts';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import type { LogPage, LogQuery } from '../../../shared/domain/log-query.ts';
import { Refusal } from './index-faults.ts';
import { daySql, idSql, LOGS_PER_DAY, machineSql } from './index-schema.ts';
import { matching, type Matching } from './log-filter.ts';
import { countByDay, countByMachine, type Counts, type IndexState } from './log-groups.ts';
import { readRow, ROW_JOINS, ROW_SQL } from './log-rows.ts';
import type { SqlValue } from './sqlite-connection.ts';

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1_000;
/** If fewer than one in this many logs matches, walking the matches is cheaper than walking the days. */
const DENSE = 8;

/** A range of one machine's days on the page; `rank` orders the ranges, `tie` logs with the same time. */
type Stretch = readonly [machine: number, first: number, last: number, rank: number, tie: number];

/** The position of a page: its groups, and how many matches of the first one precede it. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly skip: number;
}

/**
 * Returns one page of rows. Counts per day tell which days the page covers, so any position in the list costs the same: only the
 * rows of those days are read and sorted.
 * @throws {@link Refusal} when offset or limit are invalid
 */
export function logPage(state: IndexState, query: LogQuery): LogPage {
  const { offset = 0, limit = DEFAULT_LIMIT } = query;
  if (
    !Number.isSafeInteger(offset) ||
    offset < 0 ||
    !Number.isSafeInteger(limit) ||
    limit < 1 ||
    limit > MAX_LIMIT
  )
    throw new Refusal(
      appError(
        'invalid-input',
        `A page cannot start at ${offset} and hold ${limit} rows.`,
        `Start at 0 or later and ask for 1 to ${MAX_LIMIT} rows.`,
      ),
    );
  const found = matching(query, state.machines, state.indexes);
  const { total, stretches, skip } =
    query.groupBy === 'machine'
      ? machineStretches(state, query, found, offset, limit)
      : dayStretches(state, query, found, offset, limit);
  const rows =
    stretches.length === 0 ? [] : readStretches(state, query, found, total, stretches, skip, limit);
  return { rows, total, version: state.version };
}

interface Stretches {
  readonly total: number;
  readonly stretches: readonly Stretch[];
  readonly skip: number;
}

function dayStretches(
  state: IndexState,
  query: LogQuery,
  found: Matching,
  offset: number,
  limit: number,
): Stretches {
  const counts = inOrder(countByDay(state, query), query);
  const span = spanOf(counts, offset, limit);
  if (!span) return { total: counts.total, stretches: [], skip: 0 };
  const days = [counts.keys[span.from] as number, counts.keys[span.to] as number];
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const ties = tiesOf(found);
  const stretches = found.machines.map(({ no }): Stretch => [no, first, last, 0, ties.get(no) ?? 0]);
  return { total: counts.total, stretches, skip: span.skip };
}

/** Like {@link dayStretches}: whole machines, but of the first and the last only the days on the page. */
function machineStretches(
  state: IndexState,
  query: LogQuery,
  found: Matching,
  offset: number,
  limit: number,
): Stretches {
  const counts = countByMachine(state, query);
  const span = spanOf(counts, offset, limit);
  if (!span) return { total: counts.total, stretches: [], skip: 0 };
  let skip = span.skip;
  let left = limit;
  const stretches: Stretch[] = [];
  for (let at = span.from; at <= span.to; at++) {
    const no = counts.keys[at] as number;
    const logs = counts.logs[at] as number;
    const before = at === span.from ? span.skip : 0;
    if (before === 0 && logs <= left) stretches.push([no, found.first, found.last, at, 0]);
    else {
      const machine = state.machines.find((candidate) => candidate.no === no);
      const days = inOrder(
        countByDay(state, { ...query, machines: machine ? [machine.machine] : [] }),
        query,
      );
      const inner = spanOf(days, before, left);
      if (!inner) continue;
      const ends = [days.keys[inner.from] as number, days.keys[inner.to] as number];
      stretches.push([no, Math.min(...ends), Math.max(...ends), at, 0]);
      if (at === span.from) skip = inner.skip;
    }
    left -= logs - before;
  }
  return { total: counts.total, stretches, skip };
}

/** Returns the groups with the rows from `offset` on; null when the list ends before. */
function spanOf(counts: Counts, offset: number, limit: number): Span | null {
  if (offset >= counts.total) return null;
  let before = 0;
  let from = 0;
  for (; before + (counts.logs[from] as number) <= offset; from++) before += counts.logs[from] as number;
  let to = from;
  let end = before + (counts.logs[to] as number);
  while (end < offset + limit && to + 1 < counts.keys.length) end += counts.logs[++to] as number;
  return { from, to, skip: offset - before };
}

function inOrder(counts: Counts, { order }: LogQuery): Counts {
  if (order === 'oldest') return counts;
  return { ...counts, keys: [...counts.keys].reverse(), logs: [...counts.logs].reverse() };
}

function readStretches(
  state: IndexState,
  query: LogQuery,
  found: Matching,
  total: number,
  stretches: readonly Stretch[],
  skip: number,
  limit: number,
): LogPage['rows'] {
  const way = query.order === 'oldest' ? 'asc' : 'desc';
  const order = (id: string): string =>
    `rank, ${daySql(id)} ${way}, l.moment ${way}, tie, l.path || ifnull('#' || l.part, '')`;
  const walkDays = found.rows !== null && total * DENSE >= state.logs;
  const last = String(LOGS_PER_DAY - 1);
  const values: SqlValue[] = [JSON.stringify(stretches)];
  let source: string;
  if (found.ids === null || walkDays) {
    source = `span cross join logs l not indexed on l.id between ${idSql('span.machine', 'span.first', '0')} and ${idSql('span.machine', 'span.last', last)}
      ${found.rows ? `where ${found.rows.text}` : ''}`;
    values.push(...(found.rows?.values ?? []));
  } else {
    const near =
      matching({ ...query, ...boundsOf(stretches, state) }, state.machines, state.indexes).ids ?? found.ids;
    source = `(${near.text}) found
      cross join span on span.machine = ${machineSql('found.id')} and ${daySql('found.id')} between span.first and span.last
      cross join logs l on l.id = found.id`;
    values.push(...near.values);
  }
  const rows = state.db.rows(
    `with span (machine, first, last, rank, tie) as materialized
       (select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?))
     select ${ROW_SQL} from
       (select l.id as id, rank, tie from ${source} order by ${order('l.id')} limit ? offset ?) chosen
       cross join logs l on l.id = chosen.id ${ROW_JOINS}
     order by ${order('l.id')}`,
    ...values,
    limit,
    skip,
  );
  return rows.map((row) => readRow(row, state.machines, query.files ? 'copy' : 'session'));
}

/** The days and machines of the page, to restrict the search for matches. */
function boundsOf(
  stretches: readonly Stretch[],
  state: IndexState,
): Required<Pick<LogQuery, 'machines' | 'from' | 'to'>> {
  const numbers = new Set(stretches.map(([machine]) => machine));
  const [from, to] = [
    Math.min(...stretches.map(([, first]) => first)),
    Math.max(...stretches.map(([, , last]) => last)),
  ];
  return {
    machines: state.machines.filter(({ no }) => numbers.has(no)).map(({ machine }) => machine),
    from: dayText(from) as CalendarDate,
    to: dayText(to) as CalendarDate,
  };
}

/** Rows of one day and time are ordered by id, which begins with the machine's UUID. */
function tiesOf({ machines }: Matching): ReadonlyMap<number, number> {
  const sorted = [...machines].sort((a, b) => (a.machine < b.machine ? -1 : 1));
  return new Map(sorted.map(({ no }, at) => [no, at]));
}
