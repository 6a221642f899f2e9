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

/** All events between the app's rooms, with their payloads. */
export interface AppNews {
  /** Something in the data folder has changed, a second (logs: 0.15 s) after the first change of a burst; `logs.touched` comes at once. */
  'logs.touched': null;
  /** `ids` is null when unknown. */
  'logs.changed': { readonly ids: readonly LogId[] | null };
  /** Logs of workspaces may have changed. */
  'workspaces.touched': null;
  'index.touched': null;
  'inbox.touched': null;
  'queue.touched': null;
  'journal.touched': null;
  'settings.touched': null;
  'identity.touched': null;

  /** The core was reopened, or could not be. */
  'core.opened': Result<AppCore, AppError>;
  /** Settings in effect, whoever changed them; sent unchanged when the file becomes readable again. */
  'settings.changed': {
    readonly before: Settings;
    readonly after: Settings;
    /** The core was reopened for them. */
    readonly reopened: boolean;
  };
  /** settings.json is unreadable; the earlier ones stay in effect. */
  'settings.broken': AppError;

  /** Automatic work is due. */
  'chore.due': { readonly chore: Chore; readonly cause: OperationCause };
  'workspace.due': { readonly path: string; readonly mode: TreeMode };
  /** The plan changed, or a pause began or ended. */
  'schedule.changed': null;

  /** One started, changed phase, or ended. */
  'operations.changed': null;
  'operation.progress': Operation;
  'operation.done': FinishedOperation;
  /** A run with the store ended; its operation ends when all listeners are done. */
  'run.ended': StoreEnd;
  'trees.begun': { readonly paths: readonly string[] };
  'tree.synced': TreeOutcome;
  /** All workspaces of a run are done, or why not. */
  'trees.ended': { readonly paths: readonly string[]; readonly problem: AppError | null };
  /** Hooks' queued work is done, or why not. `done` is false when nothing was queued. */
  'queue.drained': Pick<OperationEnd, 'outcome' | 'error'> & { readonly done: boolean };

  /** A new version of the index. `ids` is null when the changed logs are unknown or many. */
  'index.changed': { readonly version: number; readonly ids: readonly LogId[] | null };
  /** The full text has other logs, or waits for others. */
  'search.changed': SearchProgress;
  /** Agent sessions appeared, changed or vanished, or became safe. */
  'sessions.changed': SessionSums;
  /** To be announced: agents are about to delete sessions that are not kept. */
  'losses.near': Losses;
  /** Notes were marked here: the receipts go out with the next push. */
  'notes.marked': null;
  /** Tasks were marked here, or news was viewed: it goes out with the next push. */
  'marks.changed': null;
  'notes.changed': { readonly unread: number };
  /** To be announced, oldest first. */
  'notes.arrived': readonly InboxNote[];
  'attention.changed': null;
  /** The ids of all current concerns of one source. */
  'attention.reported': { readonly source: string; readonly ids: ReadonlySet<string> };
  /** To be announced, oldest first. */
  'problems.arrived': readonly AttentionItem[];
  /** This disk was scanned again. */
  'disk.looked': null;
  'update.changed': UpdateStatus;
  'status.changed': StatusSnapshot;
  'notice.show': Notice;
}

/** Connects the app's rooms. */
export interface Bus {
  /** Calls `react` for each event of that name until the returned function is called. */
  on<N extends keyof AppNews>(name: N, react: (news: AppNews[N]) => unknown): () => void;
  /**
   * Notifies all listeners at once and independently: none may rely on their order.
   * @returns when all promises they returned have settled; never rejects
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
      // A new function per subscription: subscribing the same one twice counts twice.
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
