import { dayText } from '../../../shared/domain/day-number.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogGroup, LogQuery } from '../../../shared/domain/log-query.ts';
import { indexFor, prepareIndex, presentIndexes, type LateIndex } from './late-indexes.ts';
import { daySql, machineSql } from './index-schema.ts';
import { matching, type LogFilter, type Matching } from './log-filter.ts';
import { readMachines, type Machine } from './shard-table.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { readAllWords } from './word-list.ts';

/** Matching logs per day (as a number, ascending) or per machine (its number, in list order). */
export interface Counts {
  readonly keys: readonly number[];
  readonly logs: readonly number[];
  readonly total: number;
}

/** The tables at one version, with the counts already made. */
export interface IndexState {
  readonly db: SqliteConnection;
  readonly version: number;
  readonly machines: readonly Machine[];
  /** Indexes that filters may use. */
  readonly indexes: ReadonlySet<LateIndex>;
  /** Rows of all machines. */
  readonly logs: number;
  readonly counted: Map<string, Counts>;
}

/** Cached counts, by query: enough for a person who types a word and takes it back. */
const KEPT = 32;

/** Passes the current state to `work`, keeping earlier counts as long as nothing changed. */
export type WithState = <T>(db: SqliteConnection, work: (state: IndexState) => T) => T;

/** Creates the function that gives a reader one consistent state of the index. */
export function stateReader(own: MachineUuid | null): WithState {
  let counted = new Map<string, Counts>();
  let at = -1;
  return (db, work) =>
    db.read(() => {
      const version = readVersion(db);
      if (version !== at) [counted, at] = [new Map(), version];
      const machines = readMachines(db, own);
      const logs = machines.reduce((sum, machine) => sum + machine.logs, 0);
      return work({ db, version, machines, indexes: presentIndexes(db), logs, counted });
    });
}

/** The counter that grows with every change. */
export function readVersion(db: SqliteConnection): number {
  return db.number('select version from meta');
}

/** Creates what the query needs and was deferred: the word list, the index of a filter. Outside of any transaction. */
export function prepareReading(db: SqliteConnection, filter: LogFilter): void {
  if (filter.text !== undefined && filter.text.trim() !== '') readAllWords(db);
  prepareIndex(db, indexFor(filter));
}

/** Returns the headings of a list, in order, with their counts. */
export function logGroups(state: IndexState, query: LogQuery): readonly LogGroup[] {
  if (query.groupBy === 'machine') {
    const counts = countByMachine(state, query);
    const uuids = new Map(state.machines.map((machine) => [machine.no, machine.machine]));
    return counts.keys.map((no, at) => ({ key: uuids.get(no) ?? '', logs: counts.logs[at] as number }));
  }
  const counts = countByDay(state, query);
  const groups = counts.keys.map((day, at) => ({ key: dayText(day), logs: counts.logs[at] as number }));
  return query.order === 'oldest' ? groups : groups.reverse();
}

/** Counts matches by day. */
export function countByDay(state: IndexState, filter: LogFilter): Counts {
  return remembered(state, 'day', filter, (found) => {
    if (found.ids) return tally(state.db, found, daySql('id')).sort(([a], [b]) => a - b);
    const all = found.machines.length === state.machines.length;
    const machines = JSON.stringify(found.machines.map((machine) => machine.no));
    const rows = rowsSql(filter);
    return state.db
      .all(
        `select day, ${rows} from days where day between ? and ?
           ${all ? '' : 'and machine in (select value from json_each(?))'} group by day having ${rows} > 0 order by day`,
        found.first,
        found.last,
        ...(all ? [] : [machines]),
      )
      .map(([day, logs]) => [Number(day), Number(logs)] as const);
  });
}

/** Counts matches by machine. */
export function countByMachine(state: IndexState, filter: LogFilter): Counts {
  return remembered(state, 'machine', filter, (found) => {
    const logs = new Map(
      found.ids
        ? tally(state.db, found, machineSql('id'))
        : state.db
            .all(
              `select machine, ${rowsSql(filter)} from days where day between ? and ? group by machine`,
              found.first,
              found.last,
            )
            .map(([no, logs]) => [Number(no), Number(logs)] as const),
    );
    return found.machines.flatMap(({ no }) => {
      const count = logs.get(no);
      return count ? [[no, count] as const] : [];
    });
  });
}

/** SQL for the rows of a list that is filtered by days and machines only. */
function rowsSql({ files }: LogFilter): string {
  return files ? 'sum(files)' : 'sum(logs)';
}

/**
 * Counts how often each value of an expression occurs. The values are returned as one text: counting them here takes a quarter of the
 * time that SQLite takes to sort them, and returning one row per value would take longest.
 */
function tally(db: SqliteConnection, { ids }: Matching, expression: string): [number, number][] {
  if (!ids) return [];
  const text = db.text(`select cast(group_concat(${expression}) as blob) from (${ids.text})`, ...ids.values);
  const counts = new Map<number, number>();
  let [value, run, previous] = [0, 0, -1];
  const add = (): void => {
    if (value === previous) run++;
    else {
      if (run > 0) counts.set(previous, (counts.get(previous) ?? 0) + run);
      [previous, run] = [value, 1];
    }
    value = 0;
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA) add();
    else value = value * 10 + code - ZERO;
  }
  if (text !== '') {
    add();
    counts.set(previous, (counts.get(previous) ?? 0) + run);
  }
  return [...counts];
}

const COMMA = 44;
const ZERO = 48;

function remembered(
  { machines, indexes, counted }: IndexState,
  by: string,
  filter: LogFilter,
  count: (found: Matching) => readonly (readonly [number, number])[],
): Counts {
  const { machines: only, users, projects, clients, kinds, files, places, captured, from, to, text } = filter;
  const key = JSON.stringify([
    by,
    files,
    only,
    users,
    projects,
    clients,
    kinds,
    places,
    captured,
    from,
    to,
    text,
  ]);
  const before = counted.get(key);
  if (before) return before;
  const pairs = count(matching(filter, machines, indexes));
  const counts = {
    keys: pairs.map(([value]) => value),
    logs: pairs.map(([, logs]) => logs),
    total: pairs.reduce((sum, [, logs]) => sum + logs, 0),
  };
  if (counted.size >= KEPT) counted.delete(counted.keys().next().value as string);
  counted.set(key, counts);
  return counts;
}
