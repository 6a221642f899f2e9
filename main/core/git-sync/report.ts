import { EXIT, exitCodeOf, type AppError } from '../../../shared/app-error.ts';
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

/** Process exit code of a report: that of the first tree that needs a person, else of the first deferred one, else 0. */
export function exitCodeOfReport(report: GitSyncReport): number {
  const worst = worstTree(report);
  if (worst === null || worst.problem === null) return EXIT.done;
  if (worst.state === 'attention') return exitCodeOf(worst.problem);
  // Out of reach has a code of its own, so that a script can tell it from another sync that is running.
  return exitCodeOf(worst.problem) === EXIT.unavailable ? EXIT.unavailable : EXIT.deferred;
}

/** The tree that decides how the run ended; null when all went well. */
export function worstTree(report: GitSyncReport): TreeReport | null {
  return (
    report.trees.find(({ state }) => state === 'attention') ??
    report.trees.find(({ state }) => state === 'deferred') ??
    null
  );
}

/** What stands for a run where only one tree can be told: what went wrong, else what was done, else the first. */
export function tellingTree(report: GitSyncReport): TreeReport | null {
  return (
    worstTree(report) ?? report.trees.find(({ state }) => state !== 'nothing') ?? report.trees[0] ?? null
  );
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
