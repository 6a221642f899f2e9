import { appError, type AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { ShardContent } from '../../core/ports/log-index.ts';
import { dropShard } from './drop-shard.ts';
import { Refusal } from './index-faults.ts';
import { rowKey, rowsOf, type IncomingLog } from './incoming-rows.ts';
import { daySql, LOCAL, MACHINES, ofMachineSql, STORE, WORKSPACE, COUNTER_SQL } from './index-schema.ts';
import { joinTouched, touchJoined } from './join-sessions.ts';
import type { PackedEntries } from '../../core/ports/packed-entries.ts';
import { applyRows, type Row, type RowChange, type ShardRow } from './shard-rows.ts';
import { addSums, emptySums } from './shard-sums.ts';
import { withBuffer } from './packed-entries.ts';
import { readSegments, type KnownSegment } from './shard-segments.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { queueNewMachine, queueWordsOfMachine } from './word-list.ts';

/** The input of {@link putShard}; entries as the worker receives them. */
export interface PackedShard {
  readonly content: ShardContent;
  readonly head: PackedEntries;
  readonly newSegments: readonly { readonly name: string; readonly entries: PackedEntries }[];
}

const HEAD = 0;

/**
 * Updates one machine's rows to its shard, touching only rows that differ. Runs inside the caller's transaction.
 * @param own this machine; null when there is none
 * @throws {@link Refusal} when a segment is neither known nor given
 */
export function putShard(
  db: SqliteConnection,
  { content, head, newSegments }: PackedShard,
  own: MachineUuid | null,
): void {
  const before = openShard(db, content, own);
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
  const logs = collect(head, added, segments);
  const isNew = before.files === 0;
  const rows = isNew ? new Map<string, Row>() : readRows(db, before.no, kept, logs, segments);
  const change: RowChange = {
    db,
    shard: before,
    machine: content.machine,
    here: content.kind === 'workspace' ? WORKSPACE : content.machine === own ? LOCAL : STORE,
    sums: emptySums(),
    touched: new Map(),
  };
  applyRows(change, rowsOf(logs), rows);
  addSums(db, before.no, change.sums);
  const host = JSON.stringify(content.host);
  db.run(
    `update shards set host = ?, updated = ?, generation = ?, seq = ?, segments = ?, receipts = ?, marks = ? where no = ?`,
    host,
    content.updated,
    content.generation,
    content.seq ?? null,
    JSON.stringify(segments.map(({ name, number, whole }) => [name, number, whole ? 1 : 0])),
    JSON.stringify(content.receipts),
    JSON.stringify(content.marks ?? []),
    before.no,
  );
  // The host name is among the words of every log of the machine, and of every session with a copy there.
  if (isNew) queueNewMachine(db, before.no);
  else if (before.host !== host) {
    queueWordsOfMachine(db, before.no);
    touchJoined(db, before.no, change.touched);
  }
  joinTouched(db, own, change.touched, { words: true });
}

function openShard(db: SqliteConnection, { machine, kind }: ShardContent, own: MachineUuid | null): ShardRow {
  const workspace = kind === 'workspace' ? 1 : 0;
  const find = (): ShardRow | null => {
    const [row] = db.rows(
      `select json_object('no', no, 'host', host, 'segments', json(segments), 'files', files,
         'workspace', workspace) as row
         from shards where machine = ?`,
      machine,
    ) as ShardRow[];
    return row ?? null;
  };
  const found = find();
  if (found?.workspace === workspace) return found;
  // A machine that has become a workspace has nothing in common with its former rows.
  if (found) dropShard(db, machine, own);
  db.run(
    `insert into shards (machine, workspace, host, updated, generation, segments, receipts, marks, logs, files, bytes, stored, cached)
     values (?, ?, '""', 0, '', '[]', '[]', '[]', 0, 0, 0, 0, 0)`,
    machine,
    workspace,
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
 * All entries of the call by path. A head may repeat a path of a segment; then the head wins, and the segment is marked as
 * incomplete, so that it is fetched again should the head ever drop that path.
 */
function collect(
  head: PackedEntries,
  added: readonly { readonly number: number; readonly entries: PackedEntries }[],
  segments: KnownSegment[],
): Map<string, IncomingLog> {
  const incoming = new Map<string, IncomingLog>();
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

/** The rows the call may change: all except those of kept segments, plus those whose path comes in again. */
function readRows(
  db: SqliteConnection,
  no: number,
  kept: readonly KnownSegment[],
  incoming: ReadonlyMap<string, IncomingLog>,
  segments: KnownSegment[],
): Map<string, Row> {
  const row = `json_object('path', path, 'part', part, 'day', ${daySql('id')}, 'counter', ${COUNTER_SQL}, 'segment', segment,
    'view', view, 'here', here, 'user', user, 'project', project, 'client', client, 'session', session,
    'joined', leader is not null, 'entry', entry) as row`;
  const rows = new Map<string, Row>();
  const numbers = kept.map((segment) => segment.number);
  const again = kept.length === 0 ? [] : [...incoming.keys()];
  for (const found of db.rows(
    `select ${row} from logs where ${ofMachineSql('id', '?1')} and
       (segment not in (select value from json_each(?2)) or path in (select value from json_each(?3)))`,
    no,
    JSON.stringify(numbers),
    JSON.stringify(again),
  ) as (Omit<Row, 'joined'> & { readonly joined: number })[]) {
    rows.set(rowKey(found.path, found.part), { ...found, joined: found.joined === 1 });
    if (numbers.includes(found.segment)) markHoled(segments, found.segment);
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
