import type { OperationCause } from '../../../../shared/ipc/operation.ts';
import type { IdentityCard } from '../../../../shared/ipc/payloads.ts';
import type { AttentionBoard } from '../attention/attention.ts';
import type { AutoSync } from '../schedule/auto-sync.ts';
import { concernOfSync, concernOfTree, concernsOfPush } from '../attention/concerns.ts';
import type { TreeMode, TreeOutcome } from '../operations/git-run.ts';
import type { IndexWatch } from './index-watch.ts';
import type { NoteWatch } from '../notes/note-watch.ts';
import type { StatusKeeper } from '../status/status-keeper.ts';
import type { StoreEnd } from '../operations/sync-runs.ts';
import type { TreeMemory } from '../status/tree-memory.ts';
import type { WorkspaceTimer } from '../schedule/workspace-timer.ts';
import type { Clock } from '../../ports/clock.ts';

/** What follows from the end of a run, for everything that shows or plans. */
export interface FollowUp {
  afterStore(end: StoreEnd): Promise<void>;
  afterTree(outcome: TreeOutcome, cause: OperationCause): void;
  /** All trees of a run are done. */
  afterGit(): void;
  /** Work trees that were put off and are tried again, by what is to be done in them. */
  waitingTrees(mode: TreeMode): readonly string[];
  /** The other install of a clone alarm. */
  readonly clone: IdentityCard['clone'];
}

export interface FollowUpParts {
  readonly attention: AttentionBoard;
  readonly auto: AutoSync;
  readonly status: StatusKeeper;
  readonly index: IndexWatch;
  readonly notes: NoteWatch;
  readonly trees: TreeMemory;
  readonly workspaces: Pick<WorkspaceTimer, 'ended'>;
  readonly clock: Clock;
  /** Asks for another look at this machine's rows: one made while a push ran may hold what was true before it. */
  readonly refreshRows: () => void;
  /** Asks for a look at the workspaces: a git sync brings logs of others. */
  readonly refreshWorkspaces: () => void;
}

/** Joins the parts that hear of each run's end. */
export function createFollowUp(parts: FollowUpParts): FollowUp {
  const waiting = new Map<string, TreeMode>();
  let clone: IdentityCard['clone'] = null;

  function noteClone({ end, core }: StoreEnd): void {
    if (end.error?.code !== 'clone-alarm') {
      if (end.outcome === 'done' || end.outcome === 'partial') clone = null;
      return;
    }
    const host = end.error.details?.['otherHost'];
    clone = {
      host: typeof host === 'string' ? host : '',
      lastSeen: null,
      model: core.sync.self.identity.model,
    };
  }

  return {
    async afterStore(finished) {
      const { kind, core, end, push } = finished;
      const { attention, auto } = parts;
      if (end.outcome === 'done' || end.outcome === 'partial') parts.status.storeAnswered(null);
      else if (end.outcome === 'failed' && end.error !== null) parts.status.storeAnswered(end.error);
      if (end.outcome !== 'cancelled' && end.outcome !== 'deferred') {
        const concern =
          end.outcome === 'failed' && end.error ? concernOfSync(end.error, core.sync.store.url) : null;
        attention.replace(`store ${kind}`, concern === null ? [] : [concern]);
        // A full sync is a push and a look at the index; what these complained of is settled with it.
        if (kind === 'full' && concern === null)
          for (const part of ['push', 'index']) attention.replace(`store ${part}`, []);
        if (kind === 'push' || kind === 'full') noteClone(finished);
      }
      if (push !== null && (end.outcome === 'done' || end.outcome === 'partial'))
        attention.replace('logs', concernsOfPush(push, core.sync.self.uuid));
      if ((await parts.index.check()) && (kind === 'index' || kind === 'full')) await parts.notes.check();
      if (end.summary.uploaded + end.summary.restored > 0) parts.refreshRows();
      // First the journal, by which the calendar goes on.
      await parts.status.look();
      if (kind === 'push' || kind === 'index' || kind === 'full') auto.ended(kind, end);
    },
    afterTree({ path, mode, report }) {
      parts.trees.note(path, mode, report, parts.clock.now());
      const concerns =
        report.state === 'attention' && report.problem !== null ? [concernOfTree(path, report.problem)] : [];
      // A look for notes that went well settles nothing of a sync that needs a person.
      parts.attention.replace(`${mode} ${path}`, concerns);
      if (mode === 'logs' && concerns.length === 0) parts.attention.replace(`notes ${path}`, []);
      // What only looked for notes does not take the place of a sync that was put off.
      if (report.state === 'deferred') waiting.set(path, waiting.get(path) === 'logs' ? 'logs' : mode);
      else if (mode === 'logs' || waiting.get(path) === 'notes') waiting.delete(path);
      parts.workspaces.ended(path);
    },
    afterGit() {
      parts.auto.ended('git', { outcome: waiting.size > 0 ? 'deferred' : 'done', error: null });
      for (const path of waiting.keys()) parts.trees.setRetry(path, parts.auto.retryAt('git'));
      void parts.notes.check();
      parts.refreshWorkspaces();
      parts.status.refresh();
    },
    waitingTrees: (mode) => [...waiting].filter(([, wanted]) => wanted === mode).map(([path]) => path),
    get clone() {
      return clone;
    },
  };
}
