import { FACETS, HIDDEN } from './index-schema.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** A row's filterable values, as its columns store them. */
export type FacetValues = { readonly [F in (typeof FACETS)[number]]: string | null };

/** How a shard's sums change with its rows. */
export interface Sums {
  readonly days: Map<number, { logs: number; files: number }>;
  /** Change in the number of shown rows per facet value. */
  readonly facets: { readonly [F in (typeof FACETS)[number]]: Map<string, number> };
  logs: number;
  files: number;
  bytes: number;
  stored: number;
  cached: number;
}

export function emptySums(): Sums {
  return {
    days: new Map(),
    facets: { user: new Map(), project: new Map(), client: new Map() },
    logs: 0,
    files: 0,
    bytes: 0,
    stored: 0,
    cached: 0,
  };
}

/** Adds or subtracts a row as counted in lists of sessions. */
export function countShown(sums: Sums, day: number, view: number, values: FacetValues, by: 1 | -1): void {
  if (view >= HIDDEN) return;
  sums.logs += by;
  dayOf(sums, day).logs += by;
  for (const facet of FACETS) {
    const value = values[facet];
    if (value !== null) sums.facets[facet].set(value, (sums.facets[facet].get(value) ?? 0) + by);
  }
}

/** Adds or subtracts a file; its content is counted by the caller. */
export function countFile(sums: Sums, day: number, by: 1 | -1): void {
  sums.files += by;
  dayOf(sums, day).files += by;
}

function dayOf({ days }: Sums, day: number): { logs: number; files: number } {
  let counts = days.get(day);
  if (counts === undefined) days.set(day, (counts = { logs: 0, files: 0 }));
  return counts;
}

/** Updates the sums of a shard. */
export function addSums(db: SqliteConnection, no: number, sums: Sums): void {
  countDays(db, no, sums);
  countFacets(db, no, sums);
  const { logs, files, bytes, stored, cached } = sums;
  db.run(
    `update shards set logs = logs + ?, files = files + ?, bytes = bytes + ?, stored = stored + ?, cached = cached + ? where no = ?`,
    logs,
    files,
    bytes,
    stored,
    cached,
    no,
  );
}

function countDays(db: SqliteConnection, no: number, { days }: Sums): void {
  const changed = [...days].filter(([, { logs, files }]) => logs !== 0 || files !== 0);
  if (changed.length === 0) return;
  // `true` keeps the parser from reading "on conflict" as a join condition.
  db.run(
    `insert into days select value ->> 0, ?1, value ->> 1, value ->> 2 from json_each(?2) where true
       on conflict do update set logs = logs + excluded.logs, files = files + excluded.files`,
    no,
    JSON.stringify(changed.map(([day, { logs, files }]) => [day, logs, files])),
  );
  for (const [day, { logs, files }] of changed)
    if (logs < 0 || files < 0)
      db.run('delete from days where day = ? and machine = ? and logs <= 0 and files <= 0', day, no);
}

function countFacets(db: SqliteConnection, no: number, { facets }: Sums): void {
  const changed = FACETS.flatMap((facet, code) =>
    [...facets[facet]].flatMap(([value, logs]) => (logs === 0 ? [] : [[code, value, logs] as const])),
  );
  if (changed.length === 0) return;
  db.run(
    `insert into facets select ?1, value ->> 0, value ->> 1, value ->> 2 from json_each(?2) where true
       on conflict do update set logs = logs + excluded.logs`,
    no,
    JSON.stringify(changed),
  );
  if (changed.some(([, , logs]) => logs < 0))
    db.run('delete from facets where machine = ? and logs <= 0', no);
}
