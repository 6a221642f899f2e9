import type { AppError } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { FinishedOperation, Operation, OperationCause } from '../../../shared/ipc/operation.ts';
import type { InboxNote, Notice } from '../../../shared/ipc/payloads.ts';
import type { SearchProgress } from '../../../shared/ipc/searching.ts';
import type { AttentionItem, StatusSnapshot, UpdateStatus } from '../../../shared/ipc/status.ts';
import type { Result } from '../../../shared/result.ts';
import type { SessionSums } from '../../../shared/transcripts/session-list.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppCore } from './app-core.ts';
import type { TreeMode } from '../workflows/sync-work-trees.ts';
import type { Chore, OperationEnd, StoreEnd, TreeOutcome, Losses } from './news.ts';

/** Everything that one room of the app tells the others, and what it tells of it. */
export interface AppNews {
  /** Something in the data folder has changed, a second (logs: 0.15 s) after the first change of a burst; `logs.touched` comes at once. */
  'logs.touched': null;
  /** `ids` is null when it is not known which. */
  'logs.changed': { readonly ids: readonly LogId[] | null };
  /** Logs of workspaces may be others now. */
  'workspaces.touched': null;
  'index.touched': null;
  'inbox.touched': null;
  'queue.touched': null;
  'journal.touched': null;
  'settings.touched': null;
  'identity.touched': null;

  /** The core was opened anew, or could not be. */
  'core.opened': Result<AppCore, AppError>;
  /** Settings that hold now, whoever changed them; the same ones twice when the file can be read again. */
  'settings.changed': {
    readonly before: Settings;
    readonly after: Settings;
    /** The core was opened anew for them. */
    readonly reopened: boolean;
  };
  /** settings.json cannot be read; the work goes on with those from before. */
  'settings.broken': AppError;

  /** Something is due by itself. */
  'chore.due': { readonly chore: Chore; readonly cause: OperationCause };
  'workspace.due': { readonly path: string; readonly mode: TreeMode };
  /** Another plan, or a pause that began or ended. */
  'schedule.changed': null;

  /** One started, moved on to another phase, or ended. */
  'operations.changed': null;
  'operation.progress': Operation;
  'operation.done': FinishedOperation;
  /** A run with the store has ended; its operation counts as ended when all who hear this are done. */
  'run.ended': StoreEnd;
  'trees.begun': { readonly paths: readonly string[] };
  'tree.synced': TreeOutcome;
  /** All workspaces of a run are done, or why not. */
  'trees.ended': { readonly paths: readonly string[]; readonly problem: AppError | null };
  /** What hooks had queued is done, or why not. `done` is false when nothing had been queued. */
  'queue.drained': Pick<OperationEnd, 'outcome' | 'error'> & { readonly done: boolean };

  /** Another version of the index. `ids` is null when it is not known which logs are others now, or when they are many. */
  'index.changed': { readonly version: number; readonly ids: readonly LogId[] | null };
  /** The full text holds other logs, or waits for others. */
  'search.changed': SearchProgress;
  /** Agent sessions came, changed or went, or more of them are safe. */
  'sessions.changed': SessionSums;
  /** To be announced: sessions that nobody has kept are about to be deleted. */
  'losses.near': Losses;
  /** Somebody has marked notes here: the receipts travel with the next push. */
  'notes.marked': null;
  /** Somebody has ticked off tasks here, or looked at what is new: it travels with the next push. */
  'marks.changed': null;
  'notes.changed': { readonly unread: number };
  /** To be announced, oldest first. */
  'notes.arrived': readonly InboxNote[];
  'attention.changed': null;
  /** The ids of everything that is wrong with one source now. */
  'attention.reported': { readonly source: string; readonly ids: ReadonlySet<string> };
  /** To be announced, oldest first. */
  'problems.arrived': readonly AttentionItem[];
  /** What this disk holds was looked at again. */
  'disk.looked': null;
  'update.changed': UpdateStatus;
  'status.changed': StatusSnapshot;
  'notice.show': Notice;
}

/** How the rooms of the app hear of each other. */
export interface Bus {
  /** Calls `react` with each piece of news of that name until the returned function is called. */
  on<N extends keyof AppNews>(name: N, react: (news: AppNews[N]) => unknown): () => void;
  /**
   * Tells all who listen, at once and independent of each other: nobody may count on being called before somebody else.
   * @returns when all are done that answered with a promise; never rejects
   */
  emit<N extends keyof AppNews>(name: N, news: AppNews[N]): Promise<void>;
  /** Whether anybody listens. */
  isHeard(name: keyof AppNews): boolean;
}

type Reaction = (news: never) => unknown;

/** Makes a bus without listeners. One that throws is written to the app log; the others are still called. */
export function createBus(logger: Pick<Logger, 'error'>): Bus {
  const listeners = new Map<keyof AppNews, Set<Reaction>>();

  async function call(name: keyof AppNews, react: Reaction, news: unknown): Promise<void> {
    try {
      await react(news as never);
    } catch (thrown) {
      logger.error('a reaction threw', { to: name, thrown: String(thrown) });
    }
  }

  return {
    on(name, react) {
      // A function of its own for each subscription: the same one given twice is two of them.
      const own: Reaction = (news) => react(news);
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(own));
      return () => {
        all.delete(own);
      };
    },
    async emit(name, news) {
      await Promise.all([...(listeners.get(name) ?? [])].map((react) => call(name, react, news)));
    },
    isHeard: (name) => (listeners.get(name)?.size ?? 0) > 0,
  };
}
