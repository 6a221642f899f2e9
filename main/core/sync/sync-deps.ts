import type { AppError } from '../../../shared/app-error.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import type { MachineIdentity } from '../../../shared/domain/machine-identity.ts';
import type { Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { LockOwner, Locks } from '../ports/lock.ts';
import type { LogIndex } from '../ports/log-index.ts';
import type { Logger } from '../ports/logger.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { WorkspaceRoot } from '../workspaces/workspace-roots.ts';
import type { GitHistory } from '../repository/git-history.ts';
import type { Codec } from '../store/codec.ts';
import type { StoreLayout } from '../store/layout.ts';
import type { SessionCopies } from './session-copies.ts';

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
  /** Tells of a log by its path whether it never leaves this machine, as `sync.stayHere` says now. */
  staysHere(): (path: string) => boolean;
  /** The workspaces whose logs are listed: the registered ones, and the one that a command works in. */
  workspaces(): Promise<readonly WorkspaceRoot[]>;
  /** Ids of the sessions whose logs were forgotten on this machine. */
  forgottenSessions(): Promise<Result<ReadonlySet<string>, AppError>>;
}

/** Absolute paths in the data folder. */
export interface SyncPaths {
  readonly sessionLogs: string;
  readonly cache: string;
  readonly cacheIndex: string;
  readonly state: string;
  readonly syncLock: string;
  readonly receipts: string;
  /** What readers of this machine did with tasks, and when they last looked. */
  readonly marks: string;
}

/** What the ledger says of a log of this machine, as far as its text is published. */
export interface OwnText {
  readonly path: LogPath;
  /** Bytes and digest of the log as it was pushed. */
  readonly size: number;
  readonly sha256: string;
  readonly date: CalendarDate;
  /** True when it is not on this disk: its text is not at hand. */
  readonly isGone: boolean;
}

/** What the next head says of text packs. */
export interface PublishedTexts {
  readonly refs: readonly TextPackRef[];
  /** Short digest of `refs`, to be given back as `named` when a head that has them is in the store. */
  readonly digest: string;
  /** Why the text of some logs is not among them yet. The refs stand all the same. */
  readonly error: AppError | null;
}

/** How the text packs of this machine are in the store. */
export interface CheckedTexts {
  readonly packs: number;
  /** Packs that are gone or hold other bytes than they should. */
  readonly damaged: readonly string[];
}

/** The text of this machine's logs, which is published beside its shard so that others find a log without having it. */
export interface ShardTexts {
  /**
   * Uploads what of the logs' text is not in the store yet. To be called before the head is written, by whoever holds the lock and the claim.
   * @param logs every log of the ledger
   * @param named `digest` of the refs that the head in the store has; null when nobody knows
   */
  publish(
    logs: readonly OwnText[],
    named: string | null,
    options: Pick<RunOptions, 'signal' | 'onProgress'>,
  ): Promise<PublishedTexts>;
  /** Has the next `publish` make every pack anew: what logs say has changed though they have not. */
  startOver(options: Pick<RunOptions, 'signal'>): Promise<Result<void, AppError>>;
  /** Empties what no head names any more, which else stands until it is written over. To be called after a head was published. */
  emptyRetired(options: Pick<RunOptions, 'signal'>): Promise<Result<void, AppError>>;
  /**
   * Looks whether the packs are in the store as they were published.
   * @param options `repair`: forget those that are not, so that the next `publish` makes them anew; `deep`: read their bytes
   */
  check(
    options: Pick<RunOptions, 'signal'> & { readonly repair?: boolean; readonly deep?: boolean },
  ): Promise<Result<CheckedTexts, AppError>>;
  /**
   * Takes note that packs were stored again with the same content.
   * @param generations the new one of each, by the name that a head uses
   */
  restored(generations: ReadonlyMap<string, string>): Promise<Result<void, AppError>>;
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
  /** Logs of workspaces that git has deleted or moved, as their commits have them. */
  readonly history: GitHistory;
  /**
   * A log's bytes as they may leave, with labels in the place of secrets.
   * @param leaves digest of what left before: bytes that have it are not looked through again
   */
  readonly leaving: (bytes: Uint8Array, leaves?: string) => Promise<Result<Uint8Array, AppError>>;
  /** Publishes the text of this machine's logs; none is published without it. */
  readonly texts?: ShardTexts;
  /** Pushes safe copies of agents' sessions; none are pushed without it. */
  readonly copies?: SessionCopies;
}

/** How far a run is. Sent often; a listener throttles. */
export interface SyncProgress {
  readonly phase:
    | 'scan'
    | 'upload'
    | 'publish'
    | 'index'
    | 'texts'
    | 'download'
    | 'restore'
    | 'verify'
    | 'seal'
    | 'unseal';
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
