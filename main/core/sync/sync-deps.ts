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
import type { StoreLayout } from '../store/layout.ts';
import type { DataPaths } from '../files/data-paths.ts';
import type { SessionCopies } from './session-copies.ts';

/** This machine in the engine's form. */
export interface Self {
  readonly uuid: MachineUuid;
  readonly hostname: string;
  /** `install_nonce` of machine-id.json: the writer of everything this install stores. */
  readonly nonce: string;
  readonly identity: MachineIdentity;
  /** machine-id.json exactly as uploaded. */
  readonly document: Uint8Array;
}

/** This machine's knowledge about logs that is not in the logs. */
export interface Surroundings {
  /** IANA name of the time zone for days; empty for the system's. */
  timeZone(): string;
  /** Short names of people, as spelled in file names: a word in a log's name is a person only if it is among them. */
  knownPeople(): Promise<ReadonlySet<string>>;
  /** Whether a log, by path, never leaves this machine, as `sync.stayHere` is now. */
  staysHere(): (path: string) => boolean;
  /** Listed workspaces: the registered ones, the one a command works in, and those used before. */
  workspaces(): Promise<readonly WorkspaceRoot[]>;
  /** Ids of the sessions whose logs were forgotten on this machine. */
  forgottenSessions(): Promise<Result<ReadonlySet<string>, AppError>>;
}

/** The ledger's facts about a log of this machine, for publishing its text. */
export interface OwnText {
  readonly path: LogPath;
  /** Pushed size and digest of the log. */
  readonly size: number;
  readonly sha256: string;
  readonly date: CalendarDate;
  /** True when not on this disk: its text is unavailable. */
  readonly isGone: boolean;
}

/** The next head's text-pack references. */
export interface PublishedTexts {
  readonly refs: readonly TextPackRef[];
  /** Short digest of `refs`, to be passed as `named` once a head with them is stored. */
  readonly digest: string;
  /** Why some logs' text is not among them yet. The refs are valid anyway. */
  readonly error: AppError | null;
}

/** The state of this machine's stored text packs. */
export interface CheckedTexts {
  readonly packs: number;
  /** Missing or altered packs. */
  readonly damaged: readonly string[];
}

/** The text of this machine's logs, published beside its shard so that others can search logs they do not have. */
export interface ShardTexts {
  /**
   * Uploads log text that is not stored yet. Call before the head is written, holding the lock and the claim.
   * @param logs every log of the ledger; gone through more than once
   * @param named `digest` of the stored head's refs; null when unknown
   */
  publish(
    logs: Iterable<OwnText>,
    named: string | null,
    options: Pick<RunOptions, 'signal' | 'onProgress'>,
  ): Promise<PublishedTexts>;
  /** Makes the next `publish` rebuild every pack: the text form changed though the logs have not. */
  startOver(options: Pick<RunOptions, 'signal'>): Promise<Result<void, AppError>>;
  /** Empties packs no head names any more, which otherwise remain until overwritten. Call after publishing a head. */
  emptyRetired(options: Pick<RunOptions, 'signal'>): Promise<Result<void, AppError>>;
  /**
   * Checks that the packs are stored as published.
   * @param options `repair`: forget those that are not, so that the next `publish` recreates them; `deep`: read their bytes
   */
  check(
    options: Pick<RunOptions, 'signal'> & { readonly repair?: boolean; readonly deep?: boolean },
  ): Promise<Result<CheckedTexts, AppError>>;
  /**
   * Records that packs were rewritten with the same content.
   * @param generations the new one of each, by its name in a head
   */
  restored(generations: ReadonlyMap<string, string>): Promise<Result<void, AppError>>;
}

/** Dependencies of a sync run. */
export interface SyncDeps {
  readonly files: Files;
  readonly store: ObjectStore;
  readonly index: LogIndex;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly bytes: Bytes;
  readonly logger: Logger;
  readonly layout: StoreLayout;
  readonly self: Self;
  readonly surroundings: Surroundings;
  readonly paths: Pick<
    DataPaths,
    'sessionLogs' | 'cache' | 'cacheIndex' | 'state' | 'syncLock' | 'receipts' | 'marks'
  >;
  /** Logs of workspaces that git has deleted or moved, as their commits have them. */
  readonly history: GitHistory;
  /**
   * A log's bytes as pushed, with labels instead of secrets.
   * @param leaves digest of what was pushed before: equal bytes are not scanned again
   */
  readonly leaving: (bytes: Uint8Array, leaves?: string) => Promise<Result<Uint8Array, AppError>>;
  /** Tells logs in which the scanner found nothing, by their SHA-256; without it none is known. */
  readonly harmless?: () => Promise<(sha256: string) => boolean>;
  /** Publishes the text of this machine's logs; without it none is. */
  readonly texts?: ShardTexts;
  /** Pushes safe copies of agents' sessions; without it none are. */
  readonly copies?: SessionCopies;
}

/** A run's progress. Sent often; listeners throttle. */
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
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Milliseconds to wait for another sync of this data folder before `lock-held`. */
  readonly waitMs?: number;
  /** Called at most once a second while waiting, with the owner. */
  readonly onWait?: (owner: LockOwner) => void;
  /** Report what would be done; change nothing anywhere. */
  readonly dryRun?: boolean;
}
