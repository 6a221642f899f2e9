import type { Answer } from '../../../shared/app-error.ts';
import type { LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry, NoteReceipt } from '../../../shared/domain/log-entry.ts';
import type {
  DayCount,
  LogFacets,
  LogGroup,
  LogPage,
  LogQuery,
  LogRow,
  MachineRow,
  NoteRow,
} from '../../../shared/domain/log-query.ts';
import type { Mark, MarkOf } from '../../../shared/domain/marks.ts';
import type { PackedEntries } from './packed-entries.ts';

/** Index entries: objects, or packed if they came as text. */
export type ShardEntries = readonly LogEntry[] | PackedEntries;

/** One machine's shard for the index: the head's facts and every entry of head and segments. */
export interface ShardContent {
  /** `workspace`: logs of a registered workspace, never published; such a "machine" is in no machine list. Default `machine`. */
  readonly kind?: 'machine' | 'workspace';
  readonly machine: MachineUuid;
  readonly host: string;
  /** Epoch milliseconds of the shard's last write, by its writer's clock. */
  readonly updated: number;
  /** Generation of the head in the store; `local` and a stamp for this machine's unpublished view. */
  readonly generation: string;
  /** Counter of the head's writes, for `sources` of the export; absent for an unpublished view. */
  readonly seq?: number;
  /** Names of its segments. */
  readonly segments: readonly string[];
  readonly receipts: readonly NoteReceipt[];
  /** None by default: only shards of the store have some. */
  readonly marks?: readonly Mark[];
}

/** What is known of an already read shard: enough to fetch only changes. */
export interface KnownShard {
  readonly machine: MachineUuid;
  readonly generation: string;
  readonly segments: readonly string[];
}

/**
 * The local index: sessions and logs of every machine and registered workspace. A disposable database in `state/`, updated incrementally,
 * rebuilt on a version change or corruption, never the truth. Runs off the calling thread. Codes: `io`, `disk-full`, `corrupt`,
 * `invalid-input`.
 */
export interface LogIndex {
  /** Machine shards read so far; workspaces excluded. */
  knownShards(): Answer<readonly KnownShard[]>;
  /** Announces how many new machines are about to be added, so that it can prepare. Never fails. */
  expectMachines(count: number): Promise<void>;
  /**
   * Updates one machine's rows to its shard in one transaction. Keeps segments already present by name; fails and changes nothing if
   * `segments` in `content` names one neither present nor in `newSegments`.
   */
  putShard(
    content: ShardContent,
    head: ShardEntries,
    newSegments: readonly { readonly name: string; readonly entries: ShardEntries }[],
  ): Answer<void>;
  /** Workspaces with rows, by their stand-in UUIDs. */
  workspaces(): Answer<readonly MachineUuid[]>;
  /** Removes a machine's rows (its shard left the store, or was split off). */
  dropShard(machine: MachineUuid): Answer<void>;
  /** Records which logs of other machines are cached (for `place`). */
  setCached(changes: readonly { readonly id: LogId; readonly sha256: string | null }[]): Answer<void>;
  /** Records exactly which of this machine's logs are deleted here and remain only in the store. */
  setDeleted(paths: readonly LogPath[]): Answer<void>;
  /** What {@link setCached} recorded for a machine: cached logs and their digests when pulled. */
  cachedDigests(machine: MachineUuid): Answer<readonly { readonly path: LogPath; readonly sha256: string }[]>;
  /** One page of rows. */
  page(query: LogQuery): Answer<LogPage>;
  /** The headings of `page`'s list for the same query (by `groupBy`; offset and limit are ignored), with their counts. */
  groups(query: LogQuery): Answer<readonly LogGroup[]>;
  /** One row by id; null when absent. */
  row(id: LogId): Answer<LogRow | null>;
  /** All rows of a row's session, including it, the fullest available first; `[]` for an unknown id. */
  copies(id: LogId): Answer<readonly LogRow[]>;
  /** Every entry of a machine, by path. @param paths only these; default all */
  entries(machine: MachineUuid, paths?: readonly LogPath[]): Answer<readonly LogEntry[]>;
  /** One row per machine; workspaces excluded. */
  machines(): Answer<readonly MachineRow[]>;
  /** Shown rows per day, for a heat map; `from` and `to` inclusive. */
  days(query: Pick<LogQuery, 'machines' | 'from' | 'to'>): Answer<readonly DayCount[]>;
  /** Notes in all machine shards, newest first. */
  notes(): Answer<readonly NoteRow[]>;
  /** Receipts in all shards. */
  receipts(): Answer<readonly (NoteReceipt & { readonly machine: MachineUuid; readonly host: string })[]>;
  /** What readers did with tasks and when they last looked, in all shards. */
  marks(): Answer<readonly MarkOf[]>;
  /** What the list of sessions can be filtered by, with counts. */
  facets(): Answer<LogFacets>;
  /** Grows with every change; a reader compares it to decide whether to reload. */
  version(): Answer<number>;
  /**
   * Writes the merged index as `index.json` (the ADR's file) to an absolute path, durably, without holding it all in memory. The first line
   * is `{"schema":1,"builtAt":…,"sources":{…},"entries":[`.
   */
  exportTo(path: string): Answer<void>;
  close(): Promise<void>;
}
