import type { AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { StoreProbe } from '../ports/object-store.ts';
import { diffLocal } from '../sync/diff-local.ts';
import { openLedger } from '../sync/ledger.ts';
import { ledgerPath } from '../sync/push.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { readMachineSummary } from './machine-summary.ts';
import { dueTimes, readSyncJournal, type SyncJournal } from './sync-journal.ts';

export interface LocalStatus {
  readonly logs: number;
  readonly bytes: number;
  /** Logs that are new or changed since they were last pushed. */
  readonly unsynced: number;
  readonly unsyncedBytes: number;
  /** Files that cannot be pushed because of their name or kind. */
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
}

export interface Status {
  readonly machine: { readonly uuid: MachineUuid; readonly host: string };
  readonly local: LocalStatus;
  readonly store: {
    readonly url: string;
    readonly tenant: string;
    readonly sameDisk: boolean;
    /** What the probe said; null when the store was not asked (`--check` asks). */
    readonly probe:
      | { readonly ok: true; readonly value: StoreProbe }
      | { readonly ok: false; readonly error: AppError }
      | null;
    readonly journal: SyncJournal;
    /** Epoch milliseconds; null when a person starts them by hand. */
    readonly due: { readonly push: number | null; readonly full: number | null };
  };
  /** From the index as last read; null before the first time. */
  readonly machines: readonly MachineRow[] | null;
  /** Work that agents' hooks have queued. */
  readonly queued: number;
}

export interface StatusPaths {
  readonly indexDb: string;
  readonly schedule: string;
  readonly machineSummary: string;
  readonly queue: string;
}

/**
 * Where everything stands, from this disk alone; no network and no database.
 * @param options.check also ask the store
 */
export async function status(
  deps: SyncDeps,
  settings: Settings,
  paths: StatusPaths,
  options: { readonly check?: boolean; readonly signal?: AbortSignal } = {},
): Promise<Result<Status, AppError>> {
  const local = await localStatus(deps);
  if (!local.ok) return local;
  const journal = await readSyncJournal(deps.files, paths.schedule, deps.store.url);
  if (!journal.ok) return journal;
  const machines = await readMachineSummary(deps.files, paths.machineSummary);
  if (!machines.ok) return machines;
  const queue = await deps.files.read(paths.queue);
  const probe = options.check
    ? await deps.store.probe(options.signal ? { signal: options.signal } : {})
    : null;
  return ok({
    machine: { uuid: deps.self.uuid, host: deps.self.hostname },
    local: local.value,
    store: {
      url: deps.store.url,
      tenant: deps.layout.tenant,
      sameDisk: deps.store.sameDisk,
      probe,
      journal: journal.value,
      due: dueTimes(journal.value, settings.schedule),
    },
    machines: machines.value,
    queued: queue.ok && queue.value !== null ? queue.value.filter((byte) => byte === 0x0a).length : 0,
  });
}

/** What lies on this disk and how much of it waits, by size and time alone: no log is read. */
export async function localStatus(
  deps: Pick<SyncDeps, 'files' | 'paths' | 'store' | 'layout' | 'self' | 'bytes'>,
): Promise<Result<LocalStatus, AppError>> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  const diff = diffLocal(scan.value.files, ledger.value.rows);
  const sum = (sizes: readonly { readonly size: number }[]): number =>
    sizes.reduce((total, { size }) => total + size, 0);
  return ok({
    logs: scan.value.files.length,
    bytes: sum(scan.value.files),
    unsynced: diff.changed.length,
    unsyncedBytes: sum(diff.changed),
    refused: [...diff.refused, ...scan.value.problems],
  });
}
