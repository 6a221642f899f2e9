import type { Answer } from '../../../shared/app-error.ts';
import type { NoteCommit } from '../../../shared/domain/note-banner.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { Files } from '../ports/files.ts';
import type { Git } from '../ports/git.ts';
import type { LockOwner, Locks } from '../ports/lock.ts';
import type { Logger } from '../ports/logger.ts';
import type { SecretWatch } from '../ports/secret-watch.ts';
import type { GitSyncLimits } from './limits.ts';

/** Session logs from the remote. */
export interface ArrivedLogs {
  /** Absolute path of the work tree; it may still lack them when another session's edits block them. */
  readonly tree: string;
  /** Paths of added or changed logs, relative to the top. */
  readonly paths: readonly string[];
  /** The commits between which they changed. */
  readonly from: string;
  readonly to: string;
  /** A path's content at `from` or `to`; null when absent. */
  read(path: string, at: 'from' | 'to'): Answer<Uint8Array | null>;
  /** The last commit in the range that changed a path; null when git cannot tell. */
  commitOf(path: string): Promise<NoteCommit | null>;
}

export interface GitSyncHooks {
  /**
   * Collects notes from arrived logs. Called at least once per range, even after a crash, so it must know what it has shown. A failure is
   * reported as a warning and never fails the sync.
   */
  readonly collectNotes?: (arrived: ArrivedLogs) => Answer<readonly unknown[]>;
}

/** Dependencies of a git sync. */
export interface GitSyncDeps {
  readonly git: Git;
  readonly locks: Locks;
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger?: Logger;
  /** Finds secrets in logs before they are committed; without it there is no scan. */
  readonly secrets?: SecretWatch;
  /** Asked only where {@link GitSyncRequest.withSecrets} says so. */
  readonly forge?: Forge;
  readonly hooks?: GitSyncHooks;
  /** Overrides LIMITS. */
  readonly limits?: Partial<GitSyncLimits>;
}

/** The committer and their machine. From identity.json, never inferred. */
export interface CommitIdentity {
  /** Full name for author and committer. */
  readonly name: string;
  /** `''` keeps the repository's configured address. */
  readonly email: string;
  readonly user: string;
  /** The machine's UUID. */
  readonly machine: string;
  /** Display host name. */
  readonly host: string;
}

export type GitSyncProgress =
  | { readonly phase: 'waiting'; readonly tree: string; readonly owner: LockOwner }
  | { readonly phase: 'recovering'; readonly tree: string; readonly step: string }
  | { readonly phase: 'others-uncommitted'; readonly tree: string; readonly paths: readonly string[] }
  | { readonly phase: 'committing'; readonly tree: string; readonly files: number }
  | {
      readonly phase: 'fetching' | 'integrating' | 'pushing' | 'moving';
      readonly tree: string;
      /** What git reports of the transfer, e.g. `Writing objects`; null before the first report. */
      readonly doing: string | null;
      readonly percent: number | null;
    };

export interface GitSyncRequest {
  /** Absolute path of a folder in the work tree. */
  readonly workspace: string;
  /** Absolute path of a folder in the second work tree. */
  readonly vault?: string;
  /**
   * Files and folders to commit: absolute, or relative to the workspace's top. Absolute paths below the vault are committed there; if none
   * names a file in the vault, everything new or changed in it is. `all` commits all changes, including removals, in both; `present` what
   * is new or changed.
   */
  readonly own: readonly string[] | 'all' | 'present';
  readonly identity: CommitIdentity;
  /** Commit logs with their secrets; `unless-public`: not where anyone can read a remote. */
  readonly withSecrets?: boolean | 'unless-public';
  /** Milliseconds to wait for another sync of the same repository. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: GitSyncProgress) => void;
}
