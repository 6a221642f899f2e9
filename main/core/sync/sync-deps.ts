import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { MachineIdentity } from '../../../shared/domain/machine-identity.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { LockOwner, Locks } from '../ports/lock.ts';
import type { LogIndex } from '../ports/log-index.ts';
import type { Logger } from '../ports/logger.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { WorkspaceRoot } from '../workspaces/workspace-roots.ts';
import type { Codec } from '../store/codec.ts';
import type { StoreLayout } from '../store/layout.ts';

/** This machine as the engine needs it. */
export interface Self {
  readonly uuid: MachineUuid;
  readonly hostname: string;
  /** `install_nonce` of machine-id.json: the writer of everything this install stores. */
  readonly nonce: string;
  readonly identity: MachineIdentity;
  /** machine-id.json exactly as it goes into the partition. */
  readonly document: Uint8Array;
}

/** What this machine knows of logs that they do not say themselves. */
export interface Surroundings {
  /** IANA name of the zone in which people here name days; empty for the system's. */
  timeZone(): string;
  /** Short names of people, in the spelling of file names: a word in a log's name is somebody only if it is among them. */
  knownPeople(): Promise<ReadonlySet<string>>;
  /** The workspaces whose logs are listed: the registered ones, and the one that a command works in. */
  workspaces(): Promise<readonly WorkspaceRoot[]>;
}

/** Absolute paths in the data folder. */
export interface SyncPaths {
  readonly sessionLogs: string;
  readonly cache: string;
  readonly cacheIndex: string;
  readonly state: string;
  readonly syncLock: string;
  readonly receipts: string;
}

/** Everything a sync run works with. */
export interface SyncDeps {
  readonly files: Files;
  readonly store: ObjectStore;
  readonly index: LogIndex;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly bytes: Bytes;
  readonly logger: Logger;
  readonly codec: Codec;
  readonly layout: StoreLayout;
  readonly self: Self;
  readonly surroundings: Surroundings;
  readonly paths: SyncPaths;
}

/** How far a run is. Sent often; a listener throttles. */
export interface SyncProgress {
  readonly phase: 'scan' | 'upload' | 'publish' | 'index' | 'download' | 'restore' | 'verify';
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly path?: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Milliseconds to wait for another sync of this data folder before `lock-held`. */
  readonly waitMs?: number;
  /** Told, at most once a second, who is in the way while it waits. */
  readonly onWait?: (owner: LockOwner) => void;
  /** Say what would be done; change nothing, here or there. */
  readonly dryRun?: boolean;
}
