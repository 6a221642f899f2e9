import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { quote, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import type { LogIndex, ShardContent, ShardEntries } from '../../core/ports/log-index.ts';
import { createIndexCaller } from './index-caller.ts';
import type { IndexCall, IndexCalls } from './index-calls.ts';
import type { IndexRebuilt } from './index-file.ts';
import { unpackDays } from './packed-days.ts';
import { packEntries } from './packed-entries.ts';
import type { PackedShard } from './put-shard.ts';

export type { IndexRebuilt };

export interface SqliteLogIndexOptions {
  /** Absolute path of the database; its folder is created when missing. */
  readonly file: string;
  /** This machine; null when it has no identity yet. */
  readonly own: MachineUuid | null;
  /**
   * Where the database runs: `worker` keeps the calling thread free, `caller` starts 30 ms sooner and fits a command with one
   * query; if it imports a whole team after all, it continues in a worker.
   */
  readonly thread?: 'worker' | 'caller';
  /** The worker's script; beside this module by default. */
  readonly workerUrl?: URL;
  /** How long to wait for another process's write, in milliseconds; 10,000 by default. */
  readonly busyMs?: number;
  /** Called when the index starts empty although there was one (damage, another version): everything has to be imported again. */
  readonly onRebuilt?: (event: IndexRebuilt) => void;
  /** Called once when `caller` moves to a worker for a bulk import. */
  readonly onMany?: () => void;
}

/** The local index as a SQLite database (docs/index.md). Nothing is opened before the first call. */
export function createSqliteLogIndex(options: SqliteLogIndexOptions): LogIndex {
  const caller = createIndexCaller(options);
  const ask = <C extends IndexCall>(
    name: C,
    input: IndexCalls[C]['input'],
  ): Answer<IndexCalls[C]['output']> => caller.call(name, input);
  const tell = async <C extends IndexCall>(name: C, input: IndexCalls[C]['input']): Answer<void> =>
    mapOk(await ask(name, input), () => undefined);
  return {
    knownShards: () => ask('knownShards', null),
    workspaces: () => ask('workspaces', null),
    expectMachines: async (count) => caller.expectMachines?.(count),
    putShard: async (content, head, newSegments) => {
      const packed = packShard(content, head, newSegments);
      return packed.ok ? tell('putShard', packed.value) : packed;
    },
    dropShard: (machine) => tell('dropShard', machine),
    setDeleted: (paths) => tell('setDeleted', paths),
    setCached: async (changes) => (changes.length === 0 ? ok(undefined) : tell('setCached', changes)),
    cachedDigests: (machine) => ask('cachedDigests', machine),
    page: (query) => ask('page', query),
    groups: (query) => ask('groups', query),
    row: (id) => ask('row', id),
    copies: (id) => ask('copies', id),
    entries: async (machine, paths) =>
      mapOk(
        await ask('entries', { machine, paths: paths ?? null }),
        (json) => JSON.parse(json) as LogEntry[],
      ),
    machines: () => ask('machines', null),
    days: async (query) => mapOk(await ask('days', query), unpackDays),
    notes: () => ask('notes', null),
    receipts: () => ask('receipts', null),
    marks: () => ask('marks', null),
    facets: () => ask('facets', null),
    version: () => ask('version', null),
    exportTo: (path) => tell('exportTo', path),
    close: () => caller.close(),
  };
}

function packShard(
  content: ShardContent,
  head: ShardEntries,
  newSegments: readonly { readonly name: string; readonly entries: ShardEntries }[],
): Result<PackedShard, AppError> {
  const stranger = newSegments.find(({ name }) => !content.segments.includes(name));
  if (stranger) return err(unfit(content, `the part ${quote(stranger.name)}, which it does not name`));
  if (!Number.isSafeInteger(content.updated)) return err(unfit(content, 'no time of its last change'));
  const packedHead = packEntries(head);
  if ('unfit' in packedHead)
    return err(unfit(content, `an entry that is none, for ${quote(packedHead.unfit)}`));
  const segments: { name: string; entries: PackedShard['head'] }[] = [];
  for (const { name, entries } of newSegments) {
    const packed = packEntries(entries);
    if ('unfit' in packed) return err(unfit(content, `an entry that is none, for ${quote(packed.unfit)}`));
    segments.push({ name, entries: packed });
  }
  return ok({ content, head: packedHead, newSegments: segments });
}

function unfit({ host }: ShardContent, what: string): AppError {
  return appError(
    'invalid-input',
    `The index of ${quote(host)} has ${what}.`,
    'Run `session-log sync --full` on that machine: it writes its index again.',
  );
}
