import type { LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type {
  LogFacets,
  LogGroup,
  LogPage,
  LogQuery,
  LogRow,
  MachineRow,
  NoteRow,
} from '../../../shared/domain/log-query.ts';
import type { KnownShard } from '../../core/ports/log-index.ts';
import type { CacheChange, CachedDigest } from './cache-table.ts';
import type { PackedDays } from './packed-days.ts';
import type { PackedShard } from './put-shard.ts';
import type { readReceipts, readMarks } from './shard-table.ts';
import type { Caller } from './worker-link.ts';

/** The engine's calls, by name, with input and output. Everything here can be cloned between threads. */
export interface IndexCalls {
  knownShards: { input: null; output: readonly KnownShard[] };
  workspaces: { input: null; output: readonly MachineUuid[] };
  putShard: { input: PackedShard; output: null };
  dropShard: { input: MachineUuid; output: null };
  setCached: { input: readonly CacheChange[]; output: null };
  setDeleted: { input: readonly LogPath[]; output: null };
  cachedDigests: { input: MachineUuid; output: readonly CachedDigest[] };
  page: { input: LogQuery; output: LogPage };
  groups: { input: LogQuery; output: readonly LogGroup[] };
  row: { input: LogId; output: LogRow | null };
  copies: { input: LogId; output: readonly LogRow[] };
  /** A JSON list: cloning one text is cheaper than cloning thousands of objects. */
  entries: {
    input: { readonly machine: MachineUuid; readonly paths: readonly LogPath[] | null };
    output: string;
  };
  machines: { input: null; output: readonly MachineRow[] };
  days: { input: Pick<LogQuery, 'machines' | 'from' | 'to'>; output: PackedDays };
  notes: { input: null; output: readonly NoteRow[] };
  receipts: { input: null; output: ReturnType<typeof readReceipts> };
  marks: { input: null; output: ReturnType<typeof readMarks> };
  facets: { input: null; output: LogFacets };
  version: { input: null; output: number };
  exportTo: { input: string; output: null };
}

export type IndexCall = keyof IndexCalls;

/** Executes calls: the engine itself, or its proxy for a worker. */
export interface IndexCaller extends Caller<IndexCalls> {
  /** Announces how many unknown machines are about to be imported. */
  expectMachines?(count: number): void;
}

/** A worker's start-up data. */
export interface WorkerStart {
  readonly file: string;
  readonly own: MachineUuid | null;
  readonly busyMs?: number | undefined;
  /** It is long-lived, so deferrable work may be done while idle. */
  readonly stays: boolean;
}
