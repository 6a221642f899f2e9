import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { LogCopy } from '../../../shared/ipc/setup.ts';
import { err, mapOk } from '../../../shared/result.ts';
import type { KnownMachine } from '../migrate/assign-machine.ts';
import { readAllManifests } from '../migrate/manifest.ts';
import { migrate, type MigrateDeps, type MigrateReport } from '../migrate/migrate.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { lookAtTree } from '../setup/find-nearby.ts';

/** Machines whose logs may be found: this and the indexed ones. */
export interface Machines {
  readonly self: KnownMachine;
  readonly machines: readonly KnownMachine[];
}

export interface CopyLogsRequest extends Machines {
  /** Top of the work tree, absolute. */
  readonly root: string;
  /** Assign logs that name no machine to this one. */
  readonly takeUnnamed: boolean;
  readonly dryRun: boolean;
  /** Ends reading at once, and copying between two logs. */
  readonly signal: AbortSignal;
}

/** Most names shown, of possibly thousands. */
const SHOWN = 20;

/** Their source. */
export type MachinesBase = Pick<SyncDeps, 'index' | 'self'>;

/** Returns this machine and those in the index, in a migration's form. */
export async function knownMachines(sync: MachinesBase): Answer<Machines> {
  const { uuid, hostname } = sync.self;
  return mapOk(await sync.index.machines(), (rows) => ({
    self: { uuid, host: hostname },
    machines: rows.filter((row) => !row.own).map((row) => ({ uuid: row.machine, host: row.host })),
  }));
}

/**
 * Copies the logs of a repository that no workspace lists into the data folder: `session-log migrate --copy` for the folders that {@link
 * lookAtTree} finds. Changes nothing in the repository or in git.
 * @returns `not-found` when no log of the tree is left to copy
 */
export async function copyLogs(deps: MigrateDeps, request: CopyLogsRequest): Answer<LogCopy> {
  const { root, takeUnnamed, dryRun, self, machines, signal } = request;
  const from = (await lookAtTree(deps.files, root))?.unlisted ?? [];
  if (from.length === 0) return err(nothingThere(root));
  const { git } = deps;
  const report = await migrate(
    {
      ...deps,
      git: {
        run: (call) => git.run({ ...call, signal }),
        endRun: (mark) => git.endRun(mark),
        busyIn: (folders) => git.busyIn(folders),
      },
    },
    {
      repo: root,
      from,
      history: false,
      self,
      machines,
      takeUnknown: takeUnnamed,
      mode: dryRun ? 'report' : 'copy',
      signal,
    },
  );
  return mapOk(report, (done) => copyOf(done, deps.paths.sessionLogs));
}

/**
 * Counts the copies of each repository's logs that can be removed without touching git.
 * @returns counts by work-tree path; empty when the records cannot be read
 */
export async function copiesByTree(
  deps: Pick<MigrateDeps, 'files' | 'paths'>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const manifests = await readAllManifests(deps.files, deps.paths.migrations);
  const closed = new Set<string>();
  for (const { repo, files, undone, untracked } of manifests.ok ? manifests.value : []) {
    if (undone !== null || closed.has(repo)) continue;
    if (untracked === null) counts.set(repo, (counts.get(repo) ?? 0) + files.length);
    else closed.add(repo);
  }
  return counts;
}

function copyOf(report: MigrateReport, target: string): LogCopy {
  const elsewhere = new Map<string, number>();
  for (const { machine } of report.elsewhere) elsewhere.set(machine, (elsewhere.get(machine) ?? 0) + 1);
  return {
    workspace: report.repo,
    folders: report.folders,
    target,
    logs: report.copied.length,
    names: report.copied.slice(0, SHOWN).map((file) => file.target),
    days: report.days,
    already: report.already.length,
    unnamed: report.unnamed,
    elsewhere: [...elsewhere].slice(0, SHOWN).map(([machine, logs]) => ({ machine, logs })),
    refused: report.refused.slice(0, SHOWN),
    passedOver: report.passedOver.length,
    isStopped: report.isStopped,
  };
}

function nothingThere(root: string): AppError {
  return appError(
    'not-found',
    `No logs lie in ${root} that have to be copied to be seen.`,
    'Look again: they may have been moved or removed.',
  );
}
