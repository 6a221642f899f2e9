import type { FinishedOperation } from '../../../shared/ipc/operation.ts';
import type { TreeReport } from '../git-sync/report.ts';
import type { PushReport } from '../sync/push-tally.ts';
import type { TreeMode } from '../workflows/sync-work-trees.ts';
import type { AppCore } from './app-core.ts';

/** The app's automatic work. */
export type Chore = 'push' | 'index' | 'full' | 'hooks' | 'git';

/** How a run ended. */
export type OperationEnd = Pick<FinishedOperation, 'outcome' | 'summary' | 'error' | 'deferral'>;

/** How a store run ended. */
export interface StoreEnd {
  readonly kind: 'push' | 'index' | 'full' | 'pull' | 'restore';
  readonly core: AppCore;
  readonly end: OperationEnd;
  /** Null when the run produced no report. */
  readonly push: PushReport | null;
}

/** Unkept sessions that agents are about to delete. */
export interface Losses {
  readonly sessions: number;
  /** Whole days until the first deletes. */
  readonly days: number;
}

/** One workspace's result. */
export interface TreeOutcome {
  /** As registered. */
  readonly path: string;
  readonly mode: TreeMode;
  readonly report: TreeReport;
  /** How the vault came out that only the identity.json of this workspace names; null where none came along. */
  readonly vault?: TreeReport | null;
}
