import { countQueued } from '../agent-hooks/queue.ts';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import { ok } from '../../../shared/result.ts';
import type { StoreProbe } from '../ports/object-store.ts';
import { localStatus, type LocalStatus } from '../status/local-status.ts';
import { readMachineSummary } from '../status/machine-summary.ts';
import { dueTimes, readSyncJournal, type SyncJournal } from '../status/sync-journal.ts';
import type { StoreBase } from './store-base.ts';

export interface Status {
  readonly machine: { readonly uuid: MachineUuid; readonly host: string };
  readonly local: LocalStatus;
  readonly store: {
    readonly url: string;
    readonly tenant: string;
    readonly sameDisk: boolean;
    /** The probe's result; null if not requested (`--check` does). */
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
  /** Work queued by agents' hooks. */
  readonly queued: number;
}

/**
 * Reports the state from this disk alone; no network and no database.
 * @param options.check also probe the store
 */
export async function status(
  { sync: deps, settings, paths }: StoreBase,
  options: {
    readonly check?: boolean;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Answer<Status> {
  const [journal, machines, queue, local] = await Promise.all([
    readSyncJournal(deps.files, paths.schedule, deps.store.url),
    readMachineSummary(deps.files, paths.machineSummary),
    countQueued(deps.files, paths),
    localStatus(deps),
  ]);
  if (!local.ok) return local;
  if (!journal.ok) return journal;
  if (!machines.ok) return machines;
  const probe = options.check ? await deps.store.probe({ signal: options.signal }) : null;
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
    queued: queue.ok ? queue.value : 0,
  });
}
