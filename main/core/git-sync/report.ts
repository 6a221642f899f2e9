import type { AppError } from '../../../shared/app-error.ts';
import { endingOf } from '../../../shared/ending.ts';

/**
 * What became of one work tree.
 * - `synced`: everything of ours is on the remote and the tree has what came from there
 * - `nothing`: it was so already
 * - `local`: committed here; the repository has no remote to push to
 * - `deferred`: somebody else is syncing, or the remote is out of reach; nothing is lost, it happens later
 * - `attention`: a person must decide; `problem` says what
 */
export type TreeState = 'synced' | 'nothing' | 'local' | 'deferred' | 'attention';

export interface CommittedFile {
  /** Relative to the top of the work tree, `/`-separated. */
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
  /** What the remote had before; null when it had no such branch. */
  readonly old: string | null;
  readonly new: string;
  readonly branch: string;
  readonly remote: string;
}

/** What came from the remote in this run. */
export interface Arrival {
  readonly from: string;
  readonly to: string;
  /** Session logs that were added or changed there. */
  readonly logs: readonly string[];
}

export interface TreeReport {
  readonly role: 'workspace' | 'vault';
  /** Absolute path of the top of the work tree, or the folder that was named when there is none. */
  readonly tree: string;
  readonly branch: string | null;
  readonly state: TreeState;
  /** The commit that this run made, as it stands on the remote. */
  readonly commit: CommitFacts | null;
  readonly push: PushFacts | null;
  readonly files: readonly CommittedFile[];
  readonly arrived: Arrival | null;
  /** Files with garbled names that were moved aside: where they were and where they are. */
  readonly rescued: readonly { readonly path: string; readonly to: string }[];
  /** Session logs of other sessions that are not committed yet; they were left alone. */
  readonly othersUncommitted: readonly string[];
  /** How many other files are changed or new and were left so. */
  readonly leftUncommitted: number;
  /** What the notes hook gave, as it gave it. */
  readonly notes: readonly unknown[];
  readonly warnings: readonly string[];
  /** Set for `deferred` and `attention`. */
  readonly problem: AppError | null;
}

/** The outcome of one run: the workspace first, then repositories inside it that hold logs, then the vault. Safe for JSON. */
export interface GitSyncReport {
  readonly trees: readonly TreeReport[];
}

/** A report of a tree in which nothing happened yet. */
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

/** What a failure makes of a tree. */
export function stateOf(problem: AppError): 'deferred' | 'attention' {
  return endingOf(problem) === 'deferred' ? 'deferred' : 'attention';
}

/** What stands in a report for a tree of which nothing could be done: it was busy, is gone, or is no work tree. */
export function unreached(role: TreeReport['role'], tree: string, problem: AppError): TreeReport {
  return { ...emptyReport(role, tree), state: stateOf(problem), problem };
}
