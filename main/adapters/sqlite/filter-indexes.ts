import type { LogFilter } from './log-filter.ts';
import { indexFault } from './index-faults.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * Indexes that only filters by column use. They are made when the first such filter asks, or when nothing has been asked for a while:
 * row by row they cost a quarter of bringing in a team, and sorting them once afterwards costs less.
 */
const FILTER_INDEXES = {
  by_client: 'logs (client) where client is not null',
  by_project: 'logs (project) where project is not null',
  by_user: 'logs (user) where user is not null',
  by_kind: 'logs (kind, cached)',
} as const;

export type FilterIndex = keyof typeof FILTER_INDEXES;

const NAMES = Object.keys(FILTER_INDEXES) as readonly FilterIndex[];

/** Those that are there, as the transaction sees it. */
export function presentIndexes(db: SqliteConnection): ReadonlySet<FilterIndex> {
  return new Set(
    db.rows(
      `select json_quote(name) as row from sqlite_schema where type = 'index' and tbl_name = 'logs'`,
    ) as FilterIndex[],
  );
}

/** The index that answers a filter, the most selective of them; null when its machines, days and words are enough. */
export function indexFor({ clients, projects, users, kinds, places }: LogFilter): FilterIndex | null {
  if (clients?.length) return 'by_client';
  if (projects?.length) return 'by_project';
  if (users?.length) return 'by_user';
  const some = places?.includes('cached') !== places?.includes('store');
  return kinds?.length || some ? 'by_kind' : null;
}

/**
 * Makes the index that a filter needs. Outside of any transaction. That it cannot be made (a full disk, another process that writes) is
 * no reason to give no answer: the filter reads all rows then.
 */
export function prepareIndex(db: SqliteConnection, filter: LogFilter): void {
  const name = indexFor(filter);
  if (name === null || presentIndexes(db).has(name)) return;
  try {
    make(db, name);
  } catch (error) {
    if (indexFault(error, '')?.kind !== 'answer') throw error;
  }
}

/**
 * Makes one index that is not there yet.
 * @returns true when it made one
 */
export function makeSomeIndex(db: SqliteConnection): boolean {
  const present = presentIndexes(db);
  const name = NAMES.find((one) => !present.has(one));
  if (name === undefined) return false;
  make(db, name);
  return true;
}

function make(db: SqliteConnection, name: FilterIndex): void {
  db.write(() => db.exec(`create index if not exists ${name} on ${FILTER_INDEXES[name]}`));
}
