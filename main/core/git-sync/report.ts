import type { AppError } from '../../../shared/app-error.ts';
import { endingOf } from '../../../shared/ending.ts';

/**
 * The result for one work tree.
 * - `synced`: everything of ours is on the remote and the tree has what came from there
 * - `nothing`: it was so already
 * - `local`: committed here; the repository has no remote to push to
 * - `deferred`: somebody else is syncing, or the remote is unreachable; nothing is lost, it happens later
 * - `attention`: a person must decide; see `problem`
 */
export type TreeState = 'synced' | 'nothing' | 'local' | 'deferred' | 'attention';

export interface CommittedFile {
  /** Relative to the work tree's top, `/`-separated. */
  readonly path: string;
  readonly change: 'created' | 'appended' | 'changed' | 'removed';
  /** Lines added; 0 for binary files. */
  readonly added: number;
}

export interface CommitFacts {
  readonly sha: string;
  readonly subject: string;
  /** `Name <email>`. */
  readonly author: string;
}

export interface PushFacts {
  /** The remote's old commit; null when it had no such branch. */
  readonly old: string | null;
  readonly new: string;
  readonly branch: string;
  readonly remote: string;
}

/** What this run got from the remote. */
export interface Arrival {
  readonly from: string;
  readonly to: string;
  /** Session logs added or changed there. */
  readonly logs: readonly string[];
}

export interface TreeReport {
  readonly role: 'workspace' | 'vault';
  /** Absolute path of the work tree's top, or the requested folder when there is none. */
  readonly tree: string;
  readonly branch: string | null;
  readonly state: TreeState;
  /** This run's commit, as it is on the remote. */
  readonly commit: CommitFacts | null;
  readonly push: PushFacts | null;
  readonly files: readonly CommittedFile[];
  readonly arrived: Arrival | null;
  /** Files with garbled names that were moved aside: old and new paths. */
  readonly rescued: readonly { readonly path: string; readonly to: string }[];
  /** Other sessions' uncommitted session logs, left alone. */
  readonly othersUncommitted: readonly string[];
  /** How many other changed or new files were left so. */
  readonly leftUncommitted: number;
  /** What the notes hook returned, unchanged. */
  readonly notes: readonly unknown[];
  readonly warnings: readonly string[];
  /** Set for `deferred` and `attention`. */
  readonly problem: AppError | null;
}

/** The result of one run: the workspace first, then inner repositories with logs, then the vault. Safe for JSON. */
export interface GitSyncReport {
  readonly trees: readonly TreeReport[];
}

/** The initial report of a tree. */
export function emptyReport(role: TreeReport['role'], tree: string): TreeReport {
  return {
    role,
    tree,
    branch: null,
    state: 'nothing',
    commit: null,
    push: null,
    files: [],
    arrived: null,
    rescued: [],
    othersUncommitted: [],
    leftUncommitted: 0,
    notes: [],
    warnings: [],
    problem: null,
  };
}

/** The tree state for a failure. */
export function stateOf(problem: AppError): 'deferred' | 'attention' {
  return endingOf(problem) === 'deferred' ? 'deferred' : 'attention';
}

/** The report of a tree that could not be worked on: it was busy, is gone, or is no work tree. */
export function unreached(role: TreeReport['role'], tree: string, problem: AppError): TreeReport {
  return { ...emptyReport(role, tree), state: stateOf(problem), problem };
}
