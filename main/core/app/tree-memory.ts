import type { AppError } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { Deferral } from '../../../shared/ipc/operation.ts';
import type { WorkspaceStatus } from '../../../shared/ipc/status.ts';
import type { Files } from '../ports/files.ts';
import type { TreeReport } from '../git-sync/report.ts';
import { deferralOf } from './operation-end.ts';
import { slimError } from './operations-file.ts';

type Remembered = Pick<WorkspaceStatus, 'state' | 'branch' | 'deferred' | 'lastSync' | 'lastError'>;

/** How the last git sync of each work tree ended. `state/workspaces.json`; regenerable. */
export interface TreeMemory {
  load(): Promise<void>;
  /** Notes how a tree came out; the file is written behind the caller's back. */
  note(tree: string, report: Pick<TreeReport, 'state' | 'branch' | 'problem'>, now: number): void;
  /** A run of this tree has begun or ended. */
  setBusy(tree: string, busy: boolean): void;
  /** Registered work trees and the vault, as the panel shows them. */
  statuses(settings: Settings['git']): readonly WorkspaceStatus[];
  /** When a deferred tree is tried again. */
  setRetry(tree: string, at: number | null): void;
}

const NEW: Remembered = { state: 'idle', branch: null, deferred: null, lastSync: null, lastError: null };

/** @param path of `state/workspaces.json`, absolute */
export function createTreeMemory(files: Files, path: string): TreeMemory {
  const trees = new Map<string, Remembered>();
  const busy = new Set<string>();
  let writing: Promise<unknown> = Promise.resolve();

  const save = (): void => {
    const bytes = new TextEncoder().encode(JSON.stringify({ schema: 1, trees: Object.fromEntries(trees) }));
    writing = writing.then(() => files.replace(path, bytes));
  };

  return {
    async load() {
      const read = await files.read(path);
      if (!read.ok || read.value === null) return;
      try {
        const value = JSON.parse(new TextDecoder().decode(read.value)) as {
          readonly trees?: Record<string, Partial<Remembered>>;
        };
        for (const [tree, known] of Object.entries(value.trees ?? {}))
          // Only what is still true after a restart: a lock that was held then says nothing now.
          trees.set(tree, {
            ...NEW,
            branch: typeof known.branch === 'string' ? known.branch : null,
            lastSync: typeof known.lastSync === 'number' ? known.lastSync : null,
          });
      } catch {
        // A damaged file is as good as none.
      }
    },
    note(tree, report, now) {
      const before = trees.get(tree) ?? NEW;
      trees.set(tree, remembered(before, report, now));
      save();
    },
    setBusy(tree, isBusy) {
      if (isBusy) busy.add(tree);
      else busy.delete(tree);
    },
    setRetry(tree, at) {
      const known = trees.get(tree);
      if (known?.deferred) trees.set(tree, { ...known, deferred: { ...known.deferred, retryAt: at } });
    },
    statuses(settings) {
      const all = [
        ...settings.workspaces.map((path) => ({ path, role: 'workspace' as const })),
        ...(settings.vault === '' ? [] : [{ path: settings.vault, role: 'vault' as const }]),
      ];
      return all.map(({ path, role }) => {
        const known = trees.get(path) ?? NEW;
        return { path, role, ...known, state: busy.has(path) ? 'syncing' : known.state };
      });
    },
  };
}

function remembered(
  before: Remembered,
  { state, branch, problem }: Pick<TreeReport, 'state' | 'branch' | 'problem'>,
  now: number,
): Remembered {
  const kept = { branch: branch ?? before.branch, lastSync: before.lastSync };
  if (problem === null || (state !== 'deferred' && state !== 'attention'))
    return { ...kept, state: 'idle', deferred: null, lastSync: now, lastError: null };
  const error: AppError = slimError(problem);
  if (state === 'attention') return { ...kept, state: 'attention', deferred: null, lastError: error };
  // Out of reach is the network's matter; somebody else's lock is a deferral.
  const deferred: Deferral | null = problem.code === 'lock-held' ? deferralOf(problem) : null;
  return { ...kept, state: deferred ? 'deferred' : 'offline', deferred, lastError: deferred ? null : error };
}
