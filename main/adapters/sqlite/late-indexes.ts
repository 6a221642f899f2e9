import type { LogFilter } from './log-filter.ts';
import { indexFault } from './index-faults.ts';
import { PLACES } from './index-schema.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * Indexes that bringing in a shard does without. They are made by the first who needs one, or when nothing has been asked for a while:
 * row by row they cost a third of bringing in a team, and sorting them once afterwards costs less.
 */
const LATE_INDEXES = {
  by_path: 'create index if not exists by_path on logs (machine, path)',
  by_client: 'create index if not exists by_client on logs (client, view) where client is not null',
  by_project: 'create index if not exists by_project on logs (project, view) where project is not null',
  by_user: 'create index if not exists by_user on logs (user, view) where user is not null',
  by_kind: 'create index if not exists by_kind on logs (kind, place, view)',
} as const;

export type LateIndex = keyof typeof LATE_INDEXES;

const NAMES = Object.keys(LATE_INDEXES) as readonly LateIndex[];

/** Those that are there, as the transaction sees it. */
export function presentIndexes(db: SqliteConnection): ReadonlySet<LateIndex> {
  return new Set(
    db.rows(
      `select json_quote(name) as row from sqlite_schema where type = 'index' and tbl_name = 'logs'`,
    ) as LateIndex[],
  );
}

/** The index that answers a filter, the most selective of them; null when its machines, days and words are enough. */
export function indexFor({ clients, projects, users, kinds, places }: LogFilter): LateIndex | null {
  if (clients?.length) return 'by_client';
  if (projects?.length) return 'by_project';
  if (users?.length) return 'by_user';
  const some = places?.length && new Set(places).size < PLACES.length;
  return kinds?.length || some ? 'by_kind' : null;
}

/**
 * Makes an index that somebody needs. Outside of any transaction. That it cannot be made (a full disk, another process that writes) is
 * no reason to give no answer: more rows are read then.
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

function make(db: SqliteConnection, name: LateIndex): void {
  db.write(() => db.exec(LATE_INDEXES[name]));
}
