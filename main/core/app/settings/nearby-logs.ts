import { mapOk, ok } from '../../../../shared/result.ts';
import { copiesByTree, copyLogs, knownMachines } from '../../workflows/copy-logs.ts';
import { findNearby } from '../../setup/find-nearby.ts';
import { undoCopies } from '../../workflows/undo-copies.ts';
import type { AppParts } from '../app-core.ts';
import type { SetupService } from '../app-service.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import type { PresentSettings } from './present-settings.ts';

export type NearbyLogsParts = Pick<
  AppParts,
  'files' | 'git' | 'locks' | 'random' | 'clock' | 'agents' | 'identityDeps' | 'paths'
> & {
  readonly settings: Pick<PresentSettings, 'now'>;
  readonly present: PresentCore;
  readonly bus: Bus;
};

/** Most names listed of copies that stay. */
const KEPT_SHOWN = 20;

/** Existing logs: finds them, copies those no workspace lists into the data folder, and removes the copies. */
export function createNearbyLogs(
  parts: NearbyLogsParts,
): Pick<SetupService, 'nearby' | 'copyLogs' | 'undoCopy' | 'cancel'> {
  const { files, clock } = parts;
  const migrateDeps = {
    files,
    clock,
    git: parts.git,
    locks: parts.locks,
    random: parts.random,
    bytes: parts.identityDeps.bytes,
    paths: parts.paths,
  };
  const work = createWork();
  return {
    async nearby() {
      const { workspaces } = parts.settings.now.git;
      const home = parts.agents.userHome;
      if (home === null) return ok({ trees: [], isComplete: true });
      const found = await work.run('nearby', (signal) =>
        findNearby({ files, clock }, { home, also: workspaces, signal }),
      );
      const copies = await copiesByTree(migrateDeps);
      const trees = found.trees.map((tree) => ({
        ...tree,
        isRegistered: workspaces.includes(tree.root),
        copied: copies.get(tree.root) ?? 0,
      }));
      return ok({ ...found, trees });
    },
    async copyLogs({ workspace: root, takeUnnamed, dryRun }) {
      const machines = await parts.present.use((core) => knownMachines(core.sync));
      if (!machines.ok) return machines;
      const request = { ...machines.value, root, takeUnnamed, dryRun };
      const copied = await work.run(dryRun ? 'plan' : 'copy', (signal) =>
        copyLogs(migrateDeps, { ...request, signal }),
      );
      if (!dryRun) void parts.bus.emit('logs.changed', { ids: null });
      return copied;
    },
    async undoCopy({ workspace: root }) {
      const undone = await undoCopies(migrateDeps, root);
      void parts.bus.emit('logs.changed', { ids: null });
      return mapOk(undone, ({ removed, kept }) => ({ removed, kept: kept.slice(0, KEPT_SHOWN) }));
    },
    cancel({ work: kind }) {
      work.end(kind);
      return Promise.resolve(ok(undefined));
    },
  };
}

/** Work a person may cancel. */
type WorkKind = 'nearby' | 'plan' | 'copy';

/** Runs work that a person can cancel from any page. */
function createWork() {
  const running = new Map<AbortController, WorkKind>();
  return {
    async run<T>(kind: WorkKind, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const controller = new AbortController();
      running.set(controller, kind);
      try {
        return await action(controller.signal);
      } finally {
        running.delete(controller);
      }
    },
    end(kind: WorkKind): void {
      for (const [controller, its] of running) if (its === kind) controller.abort();
    },
  };
}
