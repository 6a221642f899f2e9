import * as v from 'valibot';
import type { AppError } from '../../../../shared/app-error.ts';
import { BY_HAND, type Settings } from '../../../../shared/domain/settings.ts';
import type { WorkspaceStatus } from '../../../../shared/ipc/status.ts';
import type { Clock } from '../../ports/clock.ts';
import { MIB, recallState, stateObject, writeState } from '../../files/state-file.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Bus } from '../bus.ts';
import type { TreeReport } from '../../git-sync/report.ts';
import type { TreeMode } from '../../workflows/sync-work-trees.ts';
import { deferralOf } from '../operations/operation-end.ts';
import { slimError } from '../slim-error.ts';

type Remembered = Pick<
  WorkspaceStatus,
  'state' | 'branch' | 'deferred' | 'lastSync' | 'lastNotes' | 'lastError'
> & {
  /** The run mode that led to this state. */
  readonly by: TreeMode;
  /** The deferred mode; a sync includes notes. */
  readonly waits: TreeMode | null;
  /** Of a vault: the workspace whose identity.json alone names it; empty for trees of the settings. */
  readonly namedBy: string;
};

/** How each work tree's last git sync ended. `state/workspaces.json`; regenerable. */
export interface TreeMemory {
  load(): Promise<void>;
  /**
   * Records a tree's result; the file is written in the background.
   * @param namedBy of a vault: the only workspace whose identity.json names it
   */
  note(
    tree: string,
    mode: TreeMode,
    report: Pick<TreeReport, 'state' | 'branch' | 'problem'>,
    now: number,
    namedBy?: string,
  ): void;
  /** A run of these trees began or ended. */
  setBusy(trees: readonly string[], busy: boolean): void;
  /** Registered work trees and the vault, in the panel's form. */
  statuses(settings: Settings['git'], next: (path: string) => number | null): readonly WorkspaceStatus[];
  /** A tree's last run in any mode; null for never. */
  last(tree: string): number | null;
  /** Deferred trees to be retried, by mode. */
  waiting(mode: TreeMode): readonly string[];
  /** When they are retried. */
  setRetry(at: number | null): void;
}

const NEW: Remembered = {
  state: 'idle',
  branch: null,
  deferred: null,
  lastSync: null,
  lastNotes: null,
  lastError: null,
  by: 'logs',
  waits: null,
  namedBy: '',
};

/** Updates the memory by every run. */
export function followTrees(memory: TreeMemory, clock: Pick<Clock, 'now'>, bus: Bus): void {
  bus.on('trees.begun', ({ paths }) => memory.setBusy(paths, true));
  bus.on('tree.synced', ({ path, mode, report, vault }) => {
    memory.note(path, mode, report, clock.now());
    if (vault) memory.note(vault.tree, mode, vault, clock.now(), path);
  });
  bus.on('trees.ended', ({ paths }) => memory.setBusy(paths, false));
}

const time = v.fallback(v.nullable(v.number()), null);
const FORMAT = {
  schema: stateObject({
    trees: v.record(
      v.string(),
      // Only what is still true after a restart: a lock held then means nothing now.
      v.object({
        branch: v.fallback(v.nullable(v.string()), null),
        lastSync: time,
        lastNotes: time,
        namedBy: v.fallback(v.string(), ''),
      }),
    ),
  }),
  maxBytes: MIB,
};

/**
 * @param path of `state/workspaces.json`, absolute
 * @param logger warned if the file is damaged
 */
export function createTreeMemory(files: Files, path: string, logger?: Pick<Logger, 'warn'>): TreeMemory {
  const trees = new Map<string, Remembered>();
  const busy = new Set<string>();
  let writing: Promise<unknown> = Promise.resolve();

  const save = (): void => {
    const state = { schema: 1, trees: Object.fromEntries(trees) };
    writing = writing.then(() => writeState(files, path, state));
  };

  return {
    async load() {
      const known = await recallState(files, path, FORMAT, logger);
      for (const [tree, remembered] of Object.entries(known?.trees ?? {}))
        trees.set(tree, { ...NEW, ...remembered });
    },
    note(tree, mode, report, now, namedBy = '') {
      const before = trees.get(tree) ?? NEW;
      trees.set(tree, { ...remembered(before, mode, report, now), namedBy });
      save();
    },
    setBusy(paths, isBusy) {
      for (const tree of paths)
        if (isBusy) busy.add(tree);
        else busy.delete(tree);
    },
    // A vault comes along with the workspace that names it.
    waiting: (mode) =>
      [...trees].filter(([, { waits, namedBy }]) => waits === mode && namedBy === '').map(([tree]) => tree),
    setRetry(at) {
      for (const [tree, known] of trees)
        if (known.waits !== null && known.deferred !== null)
          trees.set(tree, { ...known, deferred: { ...known.deferred, retryAt: at } });
    },
    last(tree) {
      const known = trees.get(tree);
      const times = [known?.lastSync, known?.lastNotes].filter((time) => typeof time === 'number');
      return times.length === 0 ? null : Math.max(...times);
    },
    statuses(settings, next) {
      const all = [
        ...settings.workspaces.map((path) => ({ path, role: 'workspace' as const })),
        ...(settings.vault === '' ? [] : [{ path: settings.vault, role: 'vault' as const }]),
        // Known from the last sync of the workspace that names it, for as long as that is registered.
        ...[...trees]
          .filter(([path, { namedBy }]) => settings.workspaces.includes(namedBy) && !isOf(settings, path))
          .map(([path]) => ({ path, role: 'vault' as const })),
      ];
      return all.map(({ path, role }) => {
        const { by: _by, waits: _waits, namedBy, ...known } = trees.get(path) ?? NEW;
        return {
          ...(role === 'vault' && !isOf(settings, path) ? { namedBy } : {}),
          path,
          role,
          ...known,
          state: busy.has(path) ? 'syncing' : known.state,
          schedule: settings.schedule[path] ?? BY_HAND,
          nextSync: next(path),
        };
      });
    },
  };
}

function isOf({ workspaces, vault }: Settings['git'], path: string): boolean {
  return path === vault || workspaces.includes(path);
}

/** A fetch for notes does not replace a deferred sync. */
function waitsAfter({ waits }: Remembered, mode: TreeMode, state: TreeReport['state']): TreeMode | null {
  if (state === 'deferred') return waits === 'logs' ? 'logs' : mode;
  return mode === 'logs' || waits === 'notes' ? null : waits;
}

function remembered(
  before: Remembered,
  mode: TreeMode,
  { state, branch, problem }: Pick<TreeReport, 'state' | 'branch' | 'problem'>,
  now: number,
): Omit<Remembered, 'namedBy'> {
  const kept = {
    branch: branch ?? before.branch,
    lastSync: before.lastSync,
    lastNotes: before.lastNotes,
    waits: waitsAfter(before, mode, state),
  };
  if (problem === null || (state !== 'deferred' && state !== 'attention')) {
    // A fetch for notes settles no sync that is deferred or needs a person.
    if (mode === 'notes' && before.by === 'logs' && before.state !== 'idle')
      return { ...before, ...kept, lastNotes: now };
    const done = mode === 'logs' ? { lastSync: now } : { lastNotes: now };
    return { ...kept, ...done, state: 'idle', deferred: null, lastError: null, by: mode };
  }
  const error: AppError = slimError(problem);
  if (state === 'attention')
    return { ...kept, state: 'attention', deferred: null, lastError: error, by: mode };
  // Being offline is the network's fault; somebody's lock is a deferral.
  const deferred = deferralOf(problem);
  return {
    ...kept,
    state: deferred ? 'deferred' : 'offline',
    deferred,
    lastError: deferred ? null : error,
    by: mode,
  };
}
