import type { AppError } from '../../../shared/app-error.ts';
import type { Deferral, OperationOutcome, OperationSummary } from '../../../shared/ipc/operation.ts';
import type { TreeReport } from '../git-sync/report.ts';
import type { PushReport } from '../sync/push-tally.ts';
import type { TreeMode } from '../workflows/sync-work-trees.ts';
import type { AppCore } from './app-core.ts';

/** What the app does by itself. */
export type Chore = 'push' | 'index' | 'full' | 'hooks' | 'git';

/** How a run ended. */
export interface OperationEnd {
  readonly outcome: OperationOutcome;
  readonly summary: OperationSummary;
  readonly error: AppError | null;
  readonly deferral: Deferral | null;
}

/** How a run with the store ended. */
export interface StoreEnd {
  readonly kind: 'push' | 'index' | 'full' | 'pull' | 'restore';
  readonly core: AppCore;
  readonly end: OperationEnd;
  /** Null when the run did not come to a report. */
  readonly push: PushReport | null;
}

/** What agents are about to delete and nobody has kept. */
export interface Losses {
  readonly sessions: number;
  /** Whole days until the first of them. */
  readonly days: number;
}

/** How one workspace came out. */
export interface TreeOutcome {
  /** As it is registered. */
  readonly path: string;
  readonly mode: TreeMode;
  readonly report: TreeReport;
  /** How the vault came out that only the identity.json of this workspace names; null where none came along. */
  readonly vault?: TreeReport | null;
}
