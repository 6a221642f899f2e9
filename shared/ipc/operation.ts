import type { AppError } from '../app-error.ts';

/** What can run for a while, be watched and be cancelled. */
export type OperationKind =
  | 'push'
  | 'index'
  | 'pull'
  | 'full'
  | 'git-sync'
  | 'save'
  | 'restore'
  | 'capture'
  | 'seal'
  | 'unseal'
  | 'drill';

/** What started it: a person, or one of the app's own reasons. */
export type OperationCause =
  | 'person'
  | 'change'
  | 'schedule'
  | 'start'
  | 'wake'
  | 'online'
  | 'hook'
  | 'retry';

/** What it is currently doing; the wording of each is in shared/i18n. */
export type OperationPhase =
  | 'queued'
  | 'waiting-for-lock'
  | 'scanning'
  | 'listing'
  | 'comparing'
  | 'uploading'
  | 'downloading'
  | 'verifying'
  | 'indexing'
  | 'staging'
  | 'committing'
  | 'fetching'
  | 'integrating'
  | 'pushing'
  | 'reading-notes'
  | 'capturing'
  | 'sealing'
  | 'unsealing'
  | 'finishing';

/** "Somebody else is syncing": who, since when, doing what, and when we retry. Times are epoch milliseconds. */
export interface Deferral {
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  /** 0 when the lock's record does not give it. */
  readonly since: number;
  readonly doing: string;
  /** When the next retry is due; null when it waits for a person. */
  readonly retryAt: number | null;
}

/** A running operation. Sent at most about ten times per second. */
export interface Operation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly cause: OperationCause;
  /** What it concerns, unless everything: a workspace's path, a host name, a log's path. */
  readonly subject: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly phase: OperationPhase;
  /** Files or logs done so far. */
  readonly done: number;
  /** Null while unknown. */
  readonly total: number | null;
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
  /** The log being processed, if any. */
  readonly current: string | null;
  /** Set while it waits for another program's lock. */
  readonly waitingFor: Deferral | null;
  readonly cancelling: boolean;
}

/** `deferred` is neither success nor failure: nothing is lost, and it will be retried. */
export type OperationOutcome = 'done' | 'partial' | 'deferred' | 'failed' | 'cancelled';

/** One file of a commit, for the receipt. */
export interface ReceiptFile {
  readonly path: string;
  readonly kind: 'created' | 'appended' | 'changed' | 'removed';
  readonly linesAdded: number;
}

/** What a git sync did in one workspace: the post-commit summary of the save-and-sync document. */
export interface GitReceipt {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  readonly commit: { readonly sha: string; readonly subject: string } | null;
  readonly author: string;
  readonly pushed: {
    readonly from: string;
    readonly to: string;
    readonly branch: string;
    readonly remote: string;
  } | null;
  readonly files: readonly ReceiptFile[];
  readonly wikiArticles: number;
  /** Dirty files of other sessions that were not touched. */
  readonly leftAlone: readonly string[];
}

/** What an operation changed. Counts are logs unless a name says otherwise. */
export interface OperationSummary {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly restored: number;
  readonly unchanged: number;
  /** Old versions kept in the store before they were replaced. */
  readonly kept: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly notes: number;
  /** One entry per failed log; at most 200 are sent, `failedTotal` counts all. */
  readonly failed: readonly { readonly path: string; readonly error: AppError }[];
  readonly failedTotal: number;
  readonly receipts: readonly GitReceipt[];
  /** Logs that a capture created or extended, and sessions whose copy it updated. */
  readonly captured?: number;
  readonly rescued?: number;
  /** Sessions whose copies were pushed or restored. */
  readonly copies?: number;
  /** Objects that were sealed or unsealed, and logs that a drill restored and compared. */
  readonly sealed?: number;
  readonly unsealed?: number;
  readonly proved?: number;
}

/** An operation that has ended. */
export interface FinishedOperation extends Omit<Operation, 'cancelling' | 'waitingFor'> {
  readonly finishedAt: number;
  readonly outcome: OperationOutcome;
  readonly summary: OperationSummary;
  /** Why it failed, or the worst problem of a partial success. */
  readonly error: AppError | null;
  /** For `deferred`. */
  readonly deferral: Deferral | null;
}

/** An empty summary to build on. */
export const EMPTY_SUMMARY: OperationSummary = {
  uploaded: 0,
  downloaded: 0,
  restored: 0,
  unchanged: 0,
  kept: 0,
  bytesUp: 0,
  bytesDown: 0,
  notes: 0,
  failed: [],
  failedTotal: 0,
  receipts: [],
};
