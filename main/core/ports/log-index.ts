import type { AppError } from '../../../shared/app-error.ts';
import type { LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry, NoteReceipt } from '../../../shared/domain/log-entry.ts';
import type {
  DayCount,
  LogGroup,
  LogPage,
  LogQuery,
  LogRow,
  MachineRow,
  NoteRow,
} from '../../../shared/domain/log-query.ts';
import type { Mark, MarkOf } from '../../../shared/domain/marks.ts';
import type { Result } from '../../../shared/result.ts';
import type { PackedEntries } from './packed-entries.ts';

/** Entries for the index: as objects, or packed where they came as text. */
export type ShardEntries = readonly LogEntry[] | PackedEntries;

/** One machine's shard as it goes into the index: the head's facts and every entry of head and segments. */
export interface ShardContent {
  /** `workspace`: logs of a registered workspace, never published; such a "machine" is in no list of machines. `machine` unless given. */
  readonly kind?: 'machine' | 'workspace';
  readonly machine: MachineUuid;
  readonly host: string;
  /** Epoch milliseconds of the shard's last write, by its writer's clock. */
  readonly updated: number;
  /** Generation of the head in the store; `local` and a stamp for this machine's own, unpublished view. */
  readonly generation: string;
  /** Counter of the head's writes, for `sources` of the export; left out for an unpublished view. */
  readonly seq?: number;
  /** Names of the segments that are part of it. */
  readonly segments: readonly string[];
  readonly receipts: readonly NoteReceipt[];
  /** None unless given: only shards of the store have some. */
  readonly marks?: readonly Mark[];
}

/** What is known of a shard that was read before: enough to fetch only what changed. */
export interface KnownShard {
  readonly machine: MachineUuid;
  readonly generation: string;
  readonly segments: readonly string[];
}

/**
 * The local index: the sessions and logs of every machine and registered workspace. A disposable database in `state/`, fed incrementally, rebuilt on a version
 * change or corruption, never the truth. Runs off the calling thread. Codes: `io`, `disk-full`, `corrupt`, `invalid-input`.
 */
export interface LogIndex {
  /** Shards of machines read so far; workspaces are none. */
  knownShards(): Promise<Result<readonly KnownShard[], AppError>>;
  /** Tells how many machines are about to come in that were not known, so that it can get ready. Never fails. */
  expectMachines(count: number): Promise<void>;
  /**
   * Brings one machine's rows up to its shard in one transaction. Segments already present by name are kept as they are;
   * `segments` in `content` that are neither present nor in `newSegments` make the call fail and change nothing.
   */
  putShard(
    content: ShardContent,
    head: ShardEntries,
    newSegments: readonly { readonly name: string; readonly entries: ShardEntries }[],
  ): Promise<Result<void, AppError>>;
  /** The workspaces that have rows, by the UUIDs that stand for them. */
  workspaces(): Promise<Result<readonly MachineUuid[], AppError>>;
  /** Takes a machine's rows out (its shard is gone from the store, or it was split off). */
  dropShard(machine: MachineUuid): Promise<Result<void, AppError>>;
  /** Notes which logs of other machines are in the cache (for `place`). */
  setCached(
    changes: readonly { readonly id: LogId; readonly sha256: string | null }[],
  ): Promise<Result<void, AppError>>;
  /** Notes which of this machine's logs are deleted here, so that they are only in the store: exactly these, and no others. */
  setDeleted(paths: readonly LogPath[]): Promise<Result<void, AppError>>;
  /** What {@link setCached} noted for a machine: the cached logs with the digest each had when it was pulled. */
  cachedDigests(
    machine: MachineUuid,
  ): Promise<Result<readonly { readonly path: LogPath; readonly sha256: string }[], AppError>>;
  /** One page of rows. */
  page(query: LogQuery): Promise<Result<LogPage, AppError>>;
  /** The headings of the list that `page` gives for the same query (by `groupBy`; offset and limit are ignored), with their counts. */
  groups(query: LogQuery): Promise<Result<readonly LogGroup[], AppError>>;
  /** One row by id; null when the index does not have it. */
  row(id: LogId): Promise<Result<LogRow | null, AppError>>;
  /** All rows of the session that a row belongs to, itself included, the fullest that is at hand first; `[]` for an unknown id. */
  copies(id: LogId): Promise<Result<readonly LogRow[], AppError>>;
  /** Every entry of a machine, sorted by path. */
  entries(machine: MachineUuid): Promise<Result<readonly LogEntry[], AppError>>;
  /** One row per machine; workspaces are none. */
  machines(): Promise<Result<readonly MachineRow[], AppError>>;
  /** Shown rows per day, for a heat map; `from` and `to` inclusive. */
  days(query: Pick<LogQuery, 'machines' | 'from' | 'to'>): Promise<Result<readonly DayCount[], AppError>>;
  /** Notes in all shards of machines, newest first. */
  notes(): Promise<Result<readonly NoteRow[], AppError>>;
  /** Receipts in all shards. */
  receipts(): Promise<
    Result<readonly (NoteReceipt & { readonly machine: MachineUuid; readonly host: string })[], AppError>
  >;
  /** What readers did with tasks, and when they last looked, in all shards. */
  marks(): Promise<Result<readonly MarkOf[], AppError>>;
  /** Distinct values to filter by. */
  facets(): Promise<
    Result<
      {
        readonly users: readonly string[];
        readonly projects: readonly string[];
        readonly clients: readonly string[];
      },
      AppError
    >
  >;
  /** Grows with every change; a reader compares it to know whether to look again. */
  version(): Promise<Result<number, AppError>>;
  /**
   * Writes the merged index as `index.json` (the ADR's file) to an absolute path, durably, without holding it all in memory. The first line
   * is `{"schema":1,"builtAt":…,"sources":{…},"entries":[`.
   */
  exportTo(path: string): Promise<Result<void, AppError>>;
  close(): Promise<void>;
}
