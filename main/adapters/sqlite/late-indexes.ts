import type { LogFilter } from './log-filter.ts';
import { indexFault } from './index-faults.ts';
import { PLACES } from './index-schema.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * Indexes omitted while importing a shard. They are created by the first query that needs one, or when idle: row by row they cost a
 * third of importing a team, and sorting them once afterwards costs less.
 */
const LATE_INDEXES = {
  by_path: 'create index if not exists by_path on logs (machine, path, view)',
  by_client: 'create index if not exists by_client on logs (client, view) where client is not null',
  by_project: 'create index if not exists by_project on logs (project, view) where project is not null',
  by_user: 'create index if not exists by_user on logs (user, view) where user is not null',
  by_kind: 'create index if not exists by_kind on logs (kind, place, view)',
} as const;

export type LateIndex = keyof typeof LATE_INDEXES;

const NAMES = Object.keys(LATE_INDEXES) as readonly LateIndex[];

/** The indexes that exist, as the transaction sees them. */
export function presentIndexes(db: SqliteConnection): ReadonlySet<LateIndex> {
  return new Set(
    db.rows(
      `select json_quote(name) as row from sqlite_schema where type = 'index' and tbl_name = 'logs'`,
    ) as LateIndex[],
  );
}

/** The most selective index for a filter; null when its machines, days and words are enough. */
export function indexFor({ clients, projects, users, kinds, places }: LogFilter): LateIndex | null {
  if (clients?.length) return 'by_client';
  if (projects?.length) return 'by_project';
  if (users?.length) return 'by_user';
  const some = places?.length && new Set(places).size < PLACES.length;
  return kinds?.length || some ? 'by_kind' : null;
}

/**
 * Creates an index that a query needs. Outside of any transaction. If it cannot be created (a full disk, another process writing), the
 * query is still answered: more rows are then read.
 */
export function prepareIndex(db: SqliteConnection, name: LateIndex | null): void {
  if (name === null || presentIndexes(db).has(name)) return;
  try {
    make(db, name);
  } catch (error) {
    if (indexFault(error, '')?.kind !== 'answer') throw error;
  }
}

/**
 * Creates one missing index.
 * @returns true when it created one
 */
export function makeSomeIndex(db: SqliteConnection): boolean {
  const present = presentIndexes(db);
  const name = NAMES.find((one) => !present.has(one));
  if (name === undefined) return false;
  make(db, name);
  return true;
}

function make(db: SqliteConnection, name: LateIndex): void {
  db.write(() => db.exec(LATE_INDEXES[name]));
}
