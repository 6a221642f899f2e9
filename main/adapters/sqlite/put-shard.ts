import { appError, type AppError } from '../../../shared/app-error.ts';
import type { ShardContent } from '../../core/ports/log-index.ts';
import { Refusal } from './index-faults.ts';
import { counterSql, daySql, FACETS, MACHINES, ofMachineSql } from './index-schema.ts';
import type { PackedEntries } from '../../core/ports/packed-entries.ts';
import {
  applyRows,
  type AddedRows,
  type Incoming,
  type Row,
  type ShardRow,
  type Sums,
} from './shard-rows.ts';
import { withBuffer } from './packed-entries.ts';
import { readSegments, type KnownSegment } from './shard-segments.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { queueNewMachine, queueWordsOfMachine } from './word-list.ts';

/** What {@link putShard} takes; entries as the worker gets them. */
export interface PackedShard {
  readonly content: ShardContent;
  readonly head: PackedEntries;
  readonly newSegments: readonly { readonly name: string; readonly entries: PackedEntries }[];
}

const HEAD = 0;

/**
 * Brings one machine's rows up to its shard, touching only rows that differ. Runs inside the caller's transaction.
 * @returns all rows of the machine when it had none before, else null
 * @throws {@link Refusal} when a segment is neither known nor given
 */
export function putShard(
  db: SqliteConnection,
  { content, head, newSegments }: PackedShard,
): AddedRows | null {
  const before = openShard(db, content);
  const known = new Map(readSegments(before.segments).map((segment) => [segment.name, segment]));
  const given = new Set(newSegments.map((segment) => segment.name));
  const missing = content.segments.filter((name) => !given.has(name) && !known.get(name)?.whole);
  if (missing.length > 0) throw new Refusal(missingSegments(content, missing));
  const kept = content.segments.flatMap((name) => {
    const segment = given.has(name) ? undefined : known.get(name);
    return segment ? [segment] : [];
  });
  let next = Math.max(HEAD, ...[...known.values()].map((segment) => segment.number));
  const added = newSegments.map(({ name, entries }) => ({ name, number: ++next, whole: true, entries }));
  const segments: KnownSegment[] = [
    ...kept,
    ...added.map(({ name, number, whole }) => ({ name, number, whole })),
  ];
  const incoming = collect(head, added, segments);
  const sums: Sums = {
    days: new Map(),
    facets: { user: new Map(), project: new Map(), client: new Map() },
    logs: 0,
    bytes: 0,
    stored: 0,
    cached: 0,
  };
  const rows = before.logs === 0 ? new Map<string, Row>() : readRows(db, before.no, kept, incoming, segments);
  const fresh = applyRows(db, before, content.machine, incoming, rows, sums);
  countDays(db, before.no, sums.days);
  countFacets(db, before.no, sums.facets);
  const host = JSON.stringify(content.host);
  db.run(
    `update shards set host = ?, updated = ?, generation = ?, seq = ?, segments = ?, receipts = ?, logs = logs + ?,
       bytes = bytes + ?, stored = stored + ?, cached = cached + ? where no = ?`,
    host,
    content.updated,
    content.generation,
    content.seq ?? null,
    JSON.stringify(segments.map(({ name, number, whole }) => [name, number, whole ? 1 : 0])),
    JSON.stringify(content.receipts),
    sums.logs,
    sums.bytes,
    sums.stored,
    sums.cached,
    before.no,
  );
  // The host's name is among the words of every log of the machine.
  if (before.logs === 0) queueNewMachine(db, before.no);
  else if (before.host !== host) queueWordsOfMachine(db, before.no);
  return before.logs === 0 ? fresh : null;
}

function countDays(db: SqliteConnection, no: number, days: ReadonlyMap<number, number>): void {
  const changed = [...days].filter(([, logs]) => logs !== 0);
  if (changed.length === 0) return;
  // `true` keeps the parser from reading "on conflict" as a join condition.
  db.run(
    `insert into days select value ->> 0, ?1, value ->> 1 from json_each(?2) where true
       on conflict do update set logs = logs + excluded.logs`,
    no,
    JSON.stringify(changed),
  );
  for (const [day, logs] of changed)
    if (logs < 0) db.run('delete from days where day = ? and machine = ? and logs <= 0', day, no);
}

function countFacets(db: SqliteConnection, no: number, facets: Sums['facets']): void {
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

function openShard(db: SqliteConnection, { machine }: ShardContent): ShardRow {
  const find = (): ShardRow | null => {
    const [row] = db.rows(
      `select json_object('no', no, 'host', host, 'segments', json(segments), 'logs', logs) as row
         from shards where machine = ?`,
      machine,
    ) as ShardRow[];
    return row ?? null;
  };
  const found = find();
  if (found) return found;
  db.run(
    `insert into shards (machine, host, updated, generation, segments, receipts, logs, bytes, stored, cached)
     values (?, '""', 0, '', '[]', '[]', 0, 0, 0, 0)`,
    machine,
  );
  const made = find();
  if (!made || made.no > MACHINES)
    throw new Refusal(
      appError(
        'invalid-input',
        `An index holds at most ${MACHINES} machines.`,
        'Use a tenant for each team.',
      ),
    );
  return made;
}

/**
 * All entries of the call by path. A head may repeat a path of a segment; then the head is right, and the segment is marked as not
 * whole, so that it is asked for again should the head ever drop that path.
 */
function collect(
  head: PackedEntries,
  added: readonly { readonly number: number; readonly entries: PackedEntries }[],
  segments: KnownSegment[],
): Map<string, Incoming> {
  const incoming = new Map<string, Incoming>();
  for (const { from, segment } of [
    ...added.map(({ number, entries }) => ({ from: withBuffer(entries), segment: number })),
    { from: withBuffer(head), segment: HEAD },
  ])
    for (const [at, path] of from.paths.entries()) {
      const other = incoming.get(path);
      if (other && other.segment !== segment) markHoled(segments, other.segment);
      incoming.set(path, { from, at, segment });
    }
  return incoming;
}

/** The rows that the call may change: all but those of kept segments, and of these the ones whose path comes in again. */
function readRows(
  db: SqliteConnection,
  no: number,
  kept: readonly KnownSegment[],
  incoming: ReadonlyMap<string, Incoming>,
  segments: KnownSegment[],
): Map<string, Row> {
  const row = `json_array(path, ${daySql('id')}, ${counterSql('id')}, segment, cached, entry) as row`;
  const rows = new Map<string, Row>();
  const numbers = kept.map((segment) => segment.number);
  const again = kept.length === 0 ? [] : [...incoming.keys()];
  for (const [path, day, counter, segment, cached, entry] of db.rows(
    `select ${row} from logs where ${ofMachineSql('id', '?1')} and
       (segment not in (select value from json_each(?2)) or path in (select value from json_each(?3)))`,
    no,
    JSON.stringify(numbers),
    JSON.stringify(again),
  ) as [string, number, number, number, number, string][]) {
    rows.set(path, { day, counter, segment, cached, entry });
    if (numbers.includes(segment)) markHoled(segments, segment);
  }
  return rows;
}

function markHoled(segments: KnownSegment[], number: number): void {
  const at = segments.findIndex((segment) => segment.number === number);
  const segment = segments[at];
  if (segment) segments[at] = { ...segment, whole: false };
}

function missingSegments(content: ShardContent, names: readonly string[]): AppError {
  return appError(
    'invalid-input',
    `The index of ${content.host} was given without ${names.length === 1 ? 'the part' : `${names.length} parts, first`} ${names[0]}.`,
    'Run `session-log sync --index` again.',
    { details: { segments: names } },
  );
}
